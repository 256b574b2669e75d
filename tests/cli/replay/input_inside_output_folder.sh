mkdir out
mv log.ndjson out
nymstream replay pipeline.yaml out/log.ndjson --out out
