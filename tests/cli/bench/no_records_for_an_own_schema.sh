nymstream bench pipeline.yaml
