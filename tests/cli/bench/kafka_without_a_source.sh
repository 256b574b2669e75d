# Goal: a pipeline without a cluster can't be measured on one.
nymstream bench pipeline.yaml log.ndjson --kafka
