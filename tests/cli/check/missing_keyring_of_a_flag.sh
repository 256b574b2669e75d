nymstream check pipeline.yaml --keyring keys/none
