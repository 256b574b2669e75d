: >empty.yaml
nymstream check empty.yaml
