# Goal: what is no keyring is told so, not given another mode.
chmod 644 app.yaml
nymstream keys list app.yaml
