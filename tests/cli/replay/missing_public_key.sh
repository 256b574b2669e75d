echo 'quarantine: {seal_to: quarantine.pub}' >>pipeline.yaml
nymstream replay pipeline.yaml log.ndjson --out out
