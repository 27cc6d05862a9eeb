# Sourced: the servers the tests talk to. As root on Debian they are installed; elsewhere tests skip what is absent and say so.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  # Server binaries to start throw-away clusters from, compressors, archive tools, a browser for the dashboard, shells to complete in, and man.
  missing=()
  for package in postgresql-15 zstd procps chromium zsh fish man-db openssh-client; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    echo "installing ${missing[*]}" >&2
    apt-get update -qq
    # Debian would make and start a cluster of its own.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  fi
fi
packages/runtime/test/install.sh
# The agenda's own modules, which the tests put into releases and images.
if ! cmp -s examples/agenda/package-lock.json examples/agenda/node_modules/.installed; then
  npm ci --prefix examples/agenda --omit=dev --no-audit --no-fund --loglevel=error >&2
  cp examples/agenda/package-lock.json examples/agenda/node_modules/.installed
fi
echo "starting the lab" >&2
parts=(engine compose images mariadb mongodb registry swarm buildx edges stores rivals)
[ -z "${APLOMO_TEST_FULL:-}" ] || parts+=(proxies mysql)
if reason=$(script/lab up "${parts[@]}" 2>&1 >/dev/null); then
  eval "$(script/lab env)"
elif [ $? = 75 ]; then
  export APLOMO_LAB_UNAVAILABLE="${reason##*$'\n'}"
  echo "no lab: $APLOMO_LAB_UNAVAILABLE" >&2
else
  echo "$reason" >&2
  exit 1
fi
