rm subjects.txt
nymstream replay pipeline.yaml log.ndjson --out out
