nymstream keys list keyring >/dev/full
