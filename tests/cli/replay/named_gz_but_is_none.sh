mv log.ndjson log.ndjson.gz
nymstream replay pipeline.yaml log.ndjson.gz --out out
