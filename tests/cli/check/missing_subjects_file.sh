# Goal: what passes check can start.
rm subjects.txt
nymstream check pipeline.yaml
