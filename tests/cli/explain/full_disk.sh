nymstream explain pipeline.yaml >/dev/full
