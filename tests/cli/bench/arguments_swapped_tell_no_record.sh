nymstream bench log.ndjson pipeline.yaml
