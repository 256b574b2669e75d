# Goal: the counters on stderr, nothing on stdout, a file for each release.
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
ls out
cat out/*.ndjson
