nymstream quarantine keygen one.key 2>/dev/null
sha256sum one.key one.key.pub >before
nymstream quarantine keygen one.key
code=$?
sha256sum --quiet -c before
exit "$code"
