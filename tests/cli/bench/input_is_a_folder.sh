mkdir logs
nymstream bench pipeline.yaml logs
