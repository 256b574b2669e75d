# Goal: they are suppressed and counted, and the way is told.
sed -i -E '/^P1D aaaaab/s/[0-9a-f]{64}$/destroyed/' keyring
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
