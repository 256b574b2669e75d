for pipeline in "$ROOT"/config/pipelines/*.yaml; do
  nymstream check "$pipeline" --without-keys || exit
done
