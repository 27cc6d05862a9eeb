# The docker client's buildx plug-in, from its Go module, of the version that compose holds. On nobody's path: a client that has it builds
# otherwise. A test that is about it makes it a plug-in of its own.

buildx=$home/buildx/docker-buildx

buildx_up() {
  compose_up && compose_finish # what compose is made of is most of it
  local inputs version
  inputs=$(cat "$lab"/compose/go.{mod,sum} | sha256sum)
  version=$(sed -n 's|^\tgithub.com/docker/buildx \(v[^ ]*\).*|\1|p' "$lab/compose/go.mod")
  [ "$(cat "$buildx.inputs" 2>/dev/null)" != "$inputs" ] || return 0
  command -v go >/dev/null || { say "no buildx: it is built with Go, and there is none here"; return 0; }
  say "building buildx (half a minute of one core, once)"
  logged buildx buildx_build "$version" || { say "no buildx: $(go version) could not build it"; return 0; }
  echo "$inputs" >"$buildx.inputs"
}

# In a copy of compose's module, to which the few modules are added that its command needs besides.
buildx_build() {
  local work=$home/build-buildx
  rm -rf "$work" && mkdir -p "$work" "$(dirname "$buildx")" && cp "$lab"/compose/go.{mod,sum} "$work" || return
  printf '//go:build tools\npackage tools\nimport _ "github.com/docker/buildx/cmd/buildx"\n' >"$work/tools.go"
  (cd "$work" && GOTOOLCHAIN=auto GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0 go build -trimpath \
    -ldflags "-s -w -X github.com/docker/buildx/version.Version=$1" -o "$buildx" github.com/docker/buildx/cmd/buildx)
}

buildx_down() { :; }

buildx_status() {
  if [ -e "$buildx.inputs" ]; then "$buildx" version | cut -d' ' -f2; else echo none; fi
}

# Empty when there is none: a test then skips.
buildx_env() {
  [ -e "$buildx.inputs" ] && printf 'export APLOMO_LAB_BUILDX=%q\n' "$buildx" || printf 'export APLOMO_LAB_BUILDX=\n'
}
