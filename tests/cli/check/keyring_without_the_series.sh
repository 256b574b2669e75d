sed -i '/^P1D/d' keyring
nymstream check pipeline.yaml
