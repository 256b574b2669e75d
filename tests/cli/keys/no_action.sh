nymstream keys
nymstream keys rotat keyring
