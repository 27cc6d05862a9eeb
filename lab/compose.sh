# Compose, both of them: v2, which users have, built from its Go module (lab/compose/go.mod says which version), and
# Debian's v1 in Python, which older servers have. Neither is put on the path: a test chooses.

compose_v2=$home/docker-config/cli-plugins/docker-compose
compose_v1=$home/compose-v1/docker-compose

# Building v2 needs nothing of the engine and a minute and a half of one core: the images are built meanwhile.
compose_up() {
  engine_up
  compose_v2_up &
  compose_builder=$!
  compose_v1_up
}

compose_finish() {
  [ -z "${compose_builder:-}" ] || wait "$compose_builder"
}

# Without a Go toolchain the lab is up all the same, with v1 alone: status and env say so.
compose_v2_up() {
  local inputs
  inputs=$(cat "$lab"/compose/go.{mod,sum} | sha256sum)
  [ "$(cat "$compose_v2.inputs" 2>/dev/null)" != "$inputs" ] || return 0
  command -v go >/dev/null || { say "no compose v2: it is built with Go, and there is none here"; return 0; }
  say "building compose v2 (a minute and a half, once)"
  mkdir -p "$(dirname "$compose_v2")"
  rm -f "$compose_v2.inputs"
  # GOTOOLCHAIN=auto lets an older Go fetch the toolchain that go.mod asks for.
  cd "$lab/compose" || return # in the background, in a shell of its own
  if GOTOOLCHAIN=auto GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0 logged compose go build -trimpath \
    -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$(compose_version)" \
    -o "$compose_v2" github.com/docker/compose/v2/cmd; then
    echo "$inputs" >"$compose_v2.inputs"
  else
    say "no compose v2: $(go version) could not build it"
  fi
}

compose_version() { sed -n "s|^\tgithub.com/docker/compose/v2 \(v[^ ]*\).*|\1|p" "$lab/compose/go.mod"; }

compose_v1_up() {
  [ ! -x "$compose_v1" ] || return 0
  apt_install python3 python3-distro python3-distutils python3-docker python3-dockerpty python3-docopt python3-dotenv \
    python3-jsonschema python3-requests python3-texttable python3-websocket python3-yaml &&
    apt_unpack "$home/compose-v1" docker-compose || fail "Debian's docker-compose could not be installed"
  printf '#!/bin/sh\nPYTHONPATH=%q exec /usr/bin/python3 %q "$@"\n' \
    "$home/compose-v1/usr/lib/python3/dist-packages" "$home/compose-v1/usr/bin/docker-compose" >"$compose_v1"
  chmod +x "$compose_v1"
}

compose_down() { :; }

compose_status() {
  local v1=none v2="none (no Go toolchain that can build it)"
  [ ! -x "$compose_v1" ] || v1=$("$compose_v1" version --short)
  [ ! -e "$compose_v2.inputs" ] || v2=$(docker compose version --short)
  echo "v2 $v2; v1 $v1"
}

# Empty when there is none: a test then skips.
compose_env() {
  local v1='' v2=''
  [ ! -x "$compose_v1" ] || v1=$compose_v1
  [ ! -e "$compose_v2.inputs" ] || v2=$compose_v2
  printf 'export APLOMO_LAB_COMPOSE_V2=%q\nexport APLOMO_LAB_COMPOSE_V1=%q\n' "$v2" "$v1"
}
