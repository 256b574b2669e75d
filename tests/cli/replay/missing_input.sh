nymstream replay pipeline.yaml logs.ndjson --out out
