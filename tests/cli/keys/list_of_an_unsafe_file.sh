chmod 644 keyring
nymstream keys list keyring
