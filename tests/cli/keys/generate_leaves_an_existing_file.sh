cp keyring before
nymstream keys generate keyring
code=$?
cmp keyring before
exit "$code"
