sed -i -E '/^P1D/s/[0-9a-f]{64}$/destroyed/' keyring
nymstream check pipeline.yaml
