nymstream explain pipeline.yaml >&-
