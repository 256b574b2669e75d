# Goal: a date is the beginning of that day (UTC).
nymstream replay pipeline.yaml log.ndjson --out out --as-of 2026-01-31
grep as_of out/manifest.json
