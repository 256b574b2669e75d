for document in policy log-schema pipeline; do
  nymstream schema "$document" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["$schema"])'
done
