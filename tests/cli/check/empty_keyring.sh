: >keyring
nymstream check pipeline.yaml
