# What every part of the lab uses: where its state lives, how it says no, how it waits, how it gets Debian's packages.
#
# A part is a file here that defines <part>_up, <part>_down, <part>_status and <part>_env. Each _up can be called at
# any time and starts what it needs first; each _down can be called when nothing is up.

home=${APLOMO_LAB_HOME:-$HOME/.cache/aplomo-lab}
socket=$home/docker.sock
# Debian keeps dockerd, iptables and ip in sbin, which is not on everybody's path. The machine's own docker client
# comes first; the lab's is for machines without one.
PATH=$PATH:/usr/sbin:/sbin:$home/bin
export PATH DOCKER_HOST=unix://$socket DOCKER_CONFIG=$home/docker-config

say() { printf 'lab: %s\n' "$*" >&2; }

# The lab cannot run on this machine. Tests that need it skip with this reason, the last line of stderr.
cannot() { say "cannot run here: $*"; exit 75; }

mkdir -p "$home/log" "$home/docker-config" 2>/dev/null || cannot "$home cannot be written (APLOMO_LAB_HOME names another folder)"

# A part broke where it should have worked. Tests do not skip over that.
fail() { say "$*"; exit 1; }

# wait_for SECONDS COMMAND...: polls until the command succeeds, and gives up in the end.
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

# Two test runs may ask for the lab at once: the second waits for the first and finds it up.
# Whatever is left running must be started with 9>&-, or it would hold the lock for ever.
one_at_a_time() {
  exec 9>"$home/lock"
  flock -w 900 9 || fail "another run of script/lab has held $home/lock for a quarter of an hour"
}

# Runs a command with its output in a log; shows the end of the log only if it fails.
logged() {
  local log=$home/log/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null 9>&- || { tail -n 20 "$log" >&2; return 1; }
}

# The package lists may be missing or older than what the mirror holds: refresh them when a command needs it.
apt() {
  "$@" || { apt-get -q update && "$@"; }
}

# apt_install PACKAGE...: tools that start nothing by themselves. It would rather fail than remove a package.
apt_install() {
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  DEBIAN_FRONTEND=noninteractive logged apt apt \
    apt-get -qy --no-install-recommends --no-remove install "${missing[@]}"
}

# apt_unpack FOLDER PACKAGE...: services. Unpacked and never installed, they start nothing at boot, come before
# nothing on the path, and leave another engine's packages alone.
apt_unpack() {
  local folder=$1 work=$1.part package
  shift
  [ ! -e "$folder" ] || return 0
  rm -rf "$work" && mkdir "$work"
  (cd "$work" && logged "unpack-$(basename "$folder")" apt apt-get -q download "$@") || return 1
  for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  mv "$work/root" "$folder"  # at once or not at all: an interrupted run leaves no half folder
  rm -r "$work"
}

common_env() {
  printf 'export APLOMO_LAB=1\nexport APLOMO_LAB_HOME=%q\n' "$home"
}
