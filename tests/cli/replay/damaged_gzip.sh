gzip log.ndjson
truncate -s -9 log.ndjson.gz
nymstream replay pipeline.yaml log.ndjson.gz --out out
