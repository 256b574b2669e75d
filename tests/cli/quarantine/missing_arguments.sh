nymstream quarantine
nymstream quarantine open
nymstream quarantine open log.ndjson --out raw.ndjson
