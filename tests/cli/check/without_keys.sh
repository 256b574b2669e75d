# Goal: documents can be checked where no keyring may be.
rm keyring
nymstream check pipeline.yaml --without-keys
