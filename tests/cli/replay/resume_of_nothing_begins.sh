nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out --resume
