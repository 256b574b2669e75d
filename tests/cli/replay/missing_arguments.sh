nymstream replay
nymstream replay pipeline.yaml
nymstream replay pipeline.yaml log.ndjson
