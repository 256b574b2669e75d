nymstream relpay pipeline.yaml
