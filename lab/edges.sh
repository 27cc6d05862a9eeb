# What stands in front of applications: Caddy, kamal-proxy and Traefik from their Go modules, nginx from Debian, unpacked. Only programs:
# each test starts and ends its own. What this machine cannot build is absent, and tests that need it skip.

edges=(caddy kamal-proxy nginx traefik)

edges_up() {
  local edge
  mkdir -p "$home/bin"
  for edge in "${edges[@]}"; do "edge_${edge//-/_}_up"; done
}

# It tells the version of the main module, which is the lab's.
edge_caddy_up() {
  local version
  version=$(sed -n 's|^\tgithub.com/caddyserver/caddy/v2 \(v[^ ]*\).*|\1|p' "$lab/edges/caddy/go.mod")
  edge_from_module caddy github.com/caddyserver/caddy/v2/cmd/caddy "-X github.com/caddyserver/caddy/v2.CustomVersion=$version"
}

edge_kamal_proxy_up() { edge_from_module kamal-proxy github.com/basecamp/kamal-proxy/cmd/kamal-proxy; }

edge_nginx_up() {
  apt_unpack "$home/nginx" nginx || fail "Debian's nginx could not be unpacked"
  apt_install procps # its workers are looked at with ps
  ln -sf "$home/nginx/usr/sbin/nginx" "$home/bin/nginx"
}

# Its command drags in 140 makers of DNS records and pages that no module holds. It is built from a copy without both; routing,
# which is what the tests are about, is untouched.
edge_traefik_up() {
  edge_is_old traefik || return 0
  edge_can_build traefik || return 0
  logged edge-traefik edge_traefik_build || { say "no traefik: $(go version) could not build it"; return 0; }
  edge_inputs traefik >"$home/bin/traefik.inputs"
}

edge_traefik_build() {
  local work=$home/build-traefik traefik=github.com/traefik/traefik/v3@v3.7.13 lego=github.com/go-acme/lego/v5@v5.4.1
  rm -rf "$work" && mkdir -p "$work" || return
  cp -r "$(edge_module "$traefik")" "$work/traefik" && cp -r "$(edge_module "$lego")" "$work/lego" && chmod -R u+w "$work" || return
  cp "$lab/edges/traefik/dns.go" "$work/lego/providers/dns/zz_gen_dns_providers.go"
  cp "$lab/edges/traefik/webui.go" "$work/traefik/webui/embed.go"
  mkdir -p "$work/traefik/pkg/config/dynamic/ext"
  cp "$lab/edges/traefik/ext.go" "$work/traefik/pkg/config/dynamic/ext/"
  cp "$lab/edges/traefik/ext.mod" "$work/traefik/pkg/config/dynamic/ext/go.mod"
  # The fork of this library that Traefik names is not in every module proxy; an earlier one is.
  (cd "$work/traefik" &&
    go mod edit -replace github.com/go-acme/lego/v5=../lego \
      -replace github.com/abbot/go-http-auth=github.com/containous/go-http-auth@v0.4.1-0.20200324110947-a37a7636d23e &&
    GOTOOLCHAIN=auto GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$home/bin/traefik" ./cmd/traefik) || return
  rm -rf "$work"
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

edge_inputs() { find "$lab/edges/$1" -type f | LC_ALL=C sort | xargs cat "$lab/edges.sh" | sha256sum; }

edge_is_old() { [ ! -x "$home/bin/$1" ] || [ "$(cat "$home/bin/$1.inputs" 2>/dev/null)" != "$(edge_inputs "$1")" ]; }

edge_can_build() {
  command -v go >/dev/null || { say "no $1: it is built with Go, and there is none here"; return 1; }
  say "building $1 (a minute or two, once)"
}

edges_down() { :; }

edges_status() {
  local edge found=
  for edge in "${edges[@]}"; do [ ! -x "$home/bin/$edge" ] || found+=" $edge"; done
  echo "${found:- none}" | cut -c 2-
}

# Empty when there is none: a test then skips.
edges_env() {
  local edge path
  for edge in "${edges[@]}"; do
    path=
    [ ! -x "$home/bin/$edge" ] || path=$home/bin/$edge
    edge=${edge^^}
    printf 'export APLOMO_LAB_%s=%q\n' "${edge//-/_}" "$path"
  done
}
