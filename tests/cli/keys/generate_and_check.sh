# Goal: the keyring is made with a safe mode and serves the pipeline at once.
rm keyring
nymstream keys generate keyring --period P1D --period P30D --from 2026-01-01 --until 2026-02-01
stat -c '%a' keyring
nymstream check pipeline.yaml
