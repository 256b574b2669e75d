# Goal: help that could not be written is an error.
nymstream --help >/dev/full
