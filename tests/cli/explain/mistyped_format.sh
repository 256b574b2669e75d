nymstream explain pipeline.yaml --format xml
