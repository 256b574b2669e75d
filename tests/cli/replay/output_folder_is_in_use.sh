# Goal: what is there is neither overwritten nor mixed with.
nymstream replay pipeline.yaml log.ndjson --out out 2>/dev/null
nymstream replay pipeline.yaml log.ndjson --out out
