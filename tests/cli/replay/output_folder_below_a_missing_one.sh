nymstream replay pipeline.yaml log.ndjson --out a/b/c
