mkdir out
touch out/notes.txt
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
