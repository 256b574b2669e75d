# Goal: the advice can be run as it stands.
sed -i "s|keyring: keyring|keyring: $PWD/etc/keyring|" pipeline.yaml
rm keyring
nymstream check pipeline.yaml
