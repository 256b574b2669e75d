nymstream replay pipeline.yaml log.ndjson --out out --job=4
