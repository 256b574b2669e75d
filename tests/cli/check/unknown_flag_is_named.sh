nymstream check pipeline.yaml --without-key
