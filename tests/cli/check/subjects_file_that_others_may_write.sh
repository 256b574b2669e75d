# Goal: who may write the list can take somebody off it, so it is as safe as the keyring.
chmod 666 subjects.txt
nymstream check pipeline.yaml
