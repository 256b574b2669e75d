rm keyring
nymstream check pipeline.yaml
