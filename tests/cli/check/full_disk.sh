nymstream check pipeline.yaml >/dev/full
