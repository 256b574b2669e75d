nymstream schema policy >/dev/full
