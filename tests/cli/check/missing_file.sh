nymstream check pipelines.yaml
