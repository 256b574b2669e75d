nymstream check pipeline.yaml maria
