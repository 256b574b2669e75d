nymstream bench pipeline.yaml log.ndjson --as-of yesterday
