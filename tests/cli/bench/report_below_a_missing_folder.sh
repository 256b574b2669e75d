nymstream bench pipeline.yaml log.ndjson --rounds 1 --as-of 2026-01-31T00:00:00Z --html missing/out.html
