nymstream keys generate keys/keyring
