nymstream keys list keyring | sed -E 's/(current|past|future)$/STATE/'
echo "secrets shown: $(nymstream keys list keyring | grep -cE '[0-9a-f]{16}')"
