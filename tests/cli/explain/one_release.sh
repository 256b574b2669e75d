nymstream explain pipeline.yaml --release partners
