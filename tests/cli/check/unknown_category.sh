# Goal: whoever looks for a category is told where all of them are.
sed -i 's/user.account.username, /zzzzzzzzzzzzzz, /' app.yaml
nymstream check pipeline.yaml
nymstream schema policy | grep -c '"user.account.username"\|"analytics.reporting"'
