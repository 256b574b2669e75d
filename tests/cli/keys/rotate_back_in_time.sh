# Goal: records from before the first epoch get keys of their own time.
sed -i 's/2026-01-05/2025-12-05/' log.ndjson
nymstream keys rotate keyring --from 2025-12-02 --until 2026-01-01
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
