nymstream bench pipeline.yaml log.ndjson --rounds 0
