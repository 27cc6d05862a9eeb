# What stands in front of applications: Caddy from its Go module, nginx from Debian, unpacked; others: lab/proxies.sh. Only programs:
# each test starts and ends its own. What this machine cannot build is absent, and tests that need it skip.

edges=(caddy nginx)

edges_up() { each_edge_up "${edges[@]}"; }

each_edge_up() {
  local edge
  mkdir -p "$home/bin"
  for edge in "$@"; do "edge_${edge//-/_}_up"; done
}

# It tells the version of the main module, which is the lab's.
edge_caddy_up() {
  local version
  version=$(sed -n 's|^\tgithub.com/caddyserver/caddy/v2 \(v[^ ]*\).*|\1|p' "$lab/edges/caddy/go.mod")
  edge_from_module caddy github.com/caddyserver/caddy/v2/cmd/caddy "-X github.com/caddyserver/caddy/v2.CustomVersion=$version"
}

edge_nginx_up() {
  apt_unpack "$home/nginx" nginx || fail "Debian's nginx could not be unpacked"
  apt_install procps # its workers are looked at with ps
  ln -sf "$home/nginx/usr/sbin/nginx" "$home/bin/nginx"
}

# Where Go keeps a module's files, fetched if need be.
edge_module() { go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p'; }

# edge_from_module NAME PACKAGE [FLAGS of the linker]: lab/edges/NAME/go.mod says which version.
edge_from_module() {
  edge_is_old "$1" || return 0
  edge_can_build "$1" || return 0
  if (cd "$lab/edges/$1" && GOTOOLCHAIN=auto GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0 \
    logged "edge-$1" go build -trimpath -ldflags "-s -w ${3:-}" -o "$home/bin/$1" "$2"); then
    edge_inputs "$1" >"$home/bin/$1.inputs"
  else
    say "no $1: $(go version) could not build it"
  fi
}

edge_inputs() { find "$lab/edges/$1" -type f | LC_ALL=C sort | xargs cat "$lab"/{edges,proxies}.sh | sha256sum; }

edge_is_old() { [ ! -x "$home/bin/$1" ] || [ "$(cat "$home/bin/$1.inputs" 2>/dev/null)" != "$(edge_inputs "$1")" ]; }

edge_can_build() {
  command -v go >/dev/null || { say "no $1: it is built with Go, and there is none here"; return 1; }
  say "building $1 (a minute or two, once)"
}

edges_down() { :; }

edges_status() { each_edge_status "${edges[@]}"; }

each_edge_status() {
  local edge found=
  for edge in "$@"; do [ ! -x "$home/bin/$edge" ] || found+=" $edge"; done
  echo "${found:- none}" | cut -c 2-
}

edges_env() { each_edge_env "${edges[@]}"; }

# Empty when there is none: a test then skips.
each_edge_env() {
  local edge path
  for edge in "$@"; do
    path=
    [ ! -x "$home/bin/$edge" ] || path=$home/bin/$edge
    edge=${edge^^}
    printf 'export APLOMO_LAB_%s=%q\n' "${edge//-/_}" "$path"
  done
}
