nymstream bench pipeline.yaml log.ndjson --keyring missing
