printf '\n\n' | nymstream replay pipeline.yaml - --as-of 2026-01-31T00:00:00Z --out out
