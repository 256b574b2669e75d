rm keyring
nymstream replay pipeline.yaml log.ndjson --out out
