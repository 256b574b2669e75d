chmod 644 keyring
nymstream check pipeline.yaml
