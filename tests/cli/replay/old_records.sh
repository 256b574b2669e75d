# Goal: nobody has to guess why nothing left.
nymstream replay pipeline.yaml log.ndjson --as-of 2036-01-31T00:00:00Z --out out
