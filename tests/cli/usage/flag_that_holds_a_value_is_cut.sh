nymstream check pipeline.yaml --user=maria
nymstream check pipeline.yaml -maria
