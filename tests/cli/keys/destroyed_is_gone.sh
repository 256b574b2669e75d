nymstream keys destroy keyring --epoch aaaaab
nymstream keys list keyring | grep aaaaab
nymstream replay pipeline.yaml log.ndjson --as-of 2026-01-31T00:00:00Z --out out
