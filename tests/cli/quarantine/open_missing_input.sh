nymstream quarantine keygen one.key 2>/dev/null
nymstream quarantine open none.sealed --key one.key --out raw.ndjson
