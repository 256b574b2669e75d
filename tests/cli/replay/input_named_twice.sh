nymstream replay pipeline.yaml log.ndjson ./log.ndjson --out out
