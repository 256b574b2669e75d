sed -i 's/type: url/type: uri/' app.yaml
nymstream check pipeline.yaml
