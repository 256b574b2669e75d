nymstream bench pipeline.yaml missing.log
