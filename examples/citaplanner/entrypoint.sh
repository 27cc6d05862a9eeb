#!/bin/sh
# Becomes the server, and only when everything it needs is there. Another command (a migration, a seed) is run as it is.
set -eu
[ "$*" = "node server.js" ] || exec "$@"

say() { echo "entrypoint: $*"; }

for file in server.js prisma/migrate.js prisma/seed.js node_modules/@prisma/client/package.json; do
  [ -f "$file" ] || { say "$file is missing in this image"; exit 1; }
done
say "everything is in the image"

# Off by default: Aplomo migrates beforehand, on a copy first. On where nobody else does it, as with a plain `docker compose up`.
if [ "${RUN_MIGRATIONS:-0}" = 1 ]; then
  say "migrating"
  node prisma/migrate.js
  say "seeding what is missing"
  node prisma/seed.js
fi

say "looking where the migrations stand"
node prisma/migrate.js --check

say "starting the server"
exec "$@"
