nymstream keys generate new --period daily
nymstream keys generate new --from yesterday
nymstream keys generate new --from 2026-02-01 --until 2026-01-01
