nymstream replay pipeline.yaml log.ndjson --out keyring
