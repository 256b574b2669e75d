mkdir logs
nymstream replay pipeline.yaml logs --out out
