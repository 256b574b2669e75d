# Goal: a reader that has seen enough may leave.
nymstream explain "$ROOT/config/pipelines/nginx-no-ip-2024.yaml" | head -n 1
echo "exit codes: ${PIPESTATUS[*]}"
# A reader that left before the first byte.
nymstream explain pipeline.yaml | true
echo "exit codes: ${PIPESTATUS[*]}"
