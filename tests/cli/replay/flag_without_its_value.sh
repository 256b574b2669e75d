nymstream replay pipeline.yaml log.ndjson --out
nymstream replay pipeline.yaml log.ndjson --out a --out b
