# The images. No registry is within reach, so each is built from Debian's packages and tagged aplomo-lab/<name>:latest.
# An image is built again only when its inputs changed: it carries their hash as a label.

images_up() {
  engine_up
  image_up base
  image_up node
  image_up postgres
}

# image_up NAME: builds lab/images/NAME from its folder and what image_NAME_files adds to it.
image_up() {
  local name=$1 inputs
  inputs=$(image_inputs "$name")
  [ "$(image_label "$name")" != "$inputs" ] || return 0
  say "building aplomo-lab/$name"
  logged "image-$name" image_build "$name" "$inputs" || fail "aplomo-lab/$name could not be built"
}

# The classic builder: BuildKit needs a plug-in that is not in Debian.
image_build() {
  local name=$1 work=$home/build
  rm -rf "$work" && mkdir "$work"
  cp -r "$lab/images/$name/." "$work"
  ! declare -F "image_${name}_files" >/dev/null || (cd "$work" && "image_${name}_files") || return 1
  DOCKER_BUILDKIT=0 docker build --force-rm --label "aplomo-lab.inputs=$2" --tag "aplomo-lab/$name" "$work" || return 1
  rm -r "$work"
}

# A folder's files, what its base was made of, and what image_NAME_files adds.
image_inputs() {
  local base
  base=$(sed -n 's|^FROM aplomo-lab/||p' "$lab/images/$1/Dockerfile")
  {
    find "$lab/images/$1" -type f | LC_ALL=C sort | xargs cat
    [ -z "$base" ] || image_inputs "$base"
    case $1 in
      node) node --version ;;
      host) cat "$compose_v2.inputs" 2>/dev/null || true ;;
      mongodb) cat "$home/bin/mongodb.inputs" 2>/dev/null || true ;;
    esac
  } | sha256sum | cut -c 1-16
}

image_label() {
  docker image inspect --format '{{index .Config.Labels "aplomo-lab.inputs"}}' "aplomo-lab/$1" 2>/dev/null || true
}

# The root file system of a minimal Debian.
image_base_files() {
  apt_install mmdebstrap && mmdebstrap --variant=minbase --include=ca-certificates,curl,tini \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' bookworm rootfs.tar
}

# The node of this machine, so that the tests and the lab's containers run the same one.
image_node_files() { cp "$(node -p process.execPath)" node; }

# Compose v2 is what servers have; without it the folder is empty and they have v1 alone.
image_host_files() {
  mkdir cli-plugins
  [ ! -e "$compose_v2.inputs" ] || cp "$compose_v2" cli-plugins/
}

images_down() { :; } # they stay in the engine's data for the next time

images_status() {
  local name names=
  for name in base node postgres; do
    [ -z "$(image_label "$name")" ] || names+=" $name"
  done
  echo "${names:- none}" | cut -c 2-
}

images_env() { :; }
