# Goal: both usual ends of a name serve, of a pipeline and of what it names.
mv app.yaml app.yml
sed 's/app.yaml/app.yml/' pipeline.yaml >pipeline.yml
nymstream check pipeline.yml
sed 's/app.yaml/nginx_json_of_mine/' pipeline.yaml >other.yaml
nymstream check other.yaml
