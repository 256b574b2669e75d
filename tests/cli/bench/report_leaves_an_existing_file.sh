nymstream bench pipeline.yaml log.ndjson --json pipeline.yaml
