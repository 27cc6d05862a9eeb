# Sourced: installs what package-lock.json names, once, and builds the command line.
stamp=node_modules/.aplomo-installed
if ! cmp -s package-lock.json "$stamp"; then
  echo "installing dependencies" >&2
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$stamp"
fi
npm run --silent build >&2
