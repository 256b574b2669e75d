# Goal: records without a time that can be read tell which field should have it.
touch subjects.txt
printf '%s\n' '{"time":"2026-01-05T10:11:12Z"}' '{"at":"yesterday"}' >log.ndjson
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
