nymstream quarantine open log.ndjson --key one.key --out raw.ndjson
