# Goal: a log in the pipeline's place is not read, nor quoted if it has the ending.
nymstream replay log.ndjson pipeline.yaml --out out
nymstream check keyring
nymstream explain log.ndjson
cp keyring keyring.yaml
head -n 1 log.ndjson >log.yaml
nymstream check keyring.yaml
nymstream check log.yaml
