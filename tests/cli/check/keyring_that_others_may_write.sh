chmod 622 keyring
nymstream check pipeline.yaml
