nymstream replay pipeline.yaml - --as-of 2026-01-31T00:00:00Z --out out <log.ndjson
cut -c 1-40 out/partners.ndjson
