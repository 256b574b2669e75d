chmod 644 keyring
nymstream replay pipeline.yaml log.ndjson --out out
