nymstream replay pipeline.yaml log.ndjson --out out --jobs 0
nymstream replay pipeline.yaml log.ndjson --out out --jobs many
