rm keyring
nymstream explain pipeline.yaml >/dev/null
