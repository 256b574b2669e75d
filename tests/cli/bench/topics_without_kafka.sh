# Goal: flags for a cluster mean nothing without one, and say so.
nymstream bench pipeline.yaml log.ndjson --topics mine
