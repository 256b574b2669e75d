nymstream explain pipelines.yaml
