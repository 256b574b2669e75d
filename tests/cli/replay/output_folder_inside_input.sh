mkdir logs
mv log.ndjson logs
nymstream replay pipeline.yaml logs --out logs/out
