nymstream keys destroy keyring
