mkdir folder.yaml
nymstream check folder.yaml
