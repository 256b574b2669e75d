nymstream explain pipeline.yaml --disclosures
