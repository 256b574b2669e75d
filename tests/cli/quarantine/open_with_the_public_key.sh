nymstream quarantine keygen one.key 2>/dev/null
nymstream quarantine open log.ndjson --key one.key.pub --out raw.ndjson
