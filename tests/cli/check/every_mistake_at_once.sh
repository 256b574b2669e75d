# Goal: all mistakes of a document, each with its place and a hint.
sed -e 's/^schema:/shema:/' -e 's/level: pseudonymized/level: pseudonymised/' \
    -e 's/P1D/1 day/' pipeline.yaml >wrong.yaml
nymstream check wrong.yaml
