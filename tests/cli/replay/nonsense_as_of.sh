nymstream replay pipeline.yaml log.ndjson --out out --as-of yesterday
