# Goal: what was asked for goes to stdout, and is no error.
nymstream --version && nymstream --help | head -n 1
