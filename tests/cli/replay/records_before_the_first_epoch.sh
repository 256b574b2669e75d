# Goal: a keyring that does not reach back far enough is told, with the remedy.
sed -i 's/2026-01-05/2025-12-05/' log.ndjson
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
