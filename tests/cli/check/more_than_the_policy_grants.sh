# Goal: the refusal names the release, the clause and its document.
sed 's/level: unlinked_pseudonymized/level: pseudonymized/' pipeline.yaml >wrong.yaml
nymstream check wrong.yaml
