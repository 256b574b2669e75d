nymstream explain pipeline.yaml --release partner
