# The engine: a dockerd of the lab's own, with its own socket, data, bridge and address pools. No other engine's
# containers, images or configuration are seen or touched.

bridge=aplomo0

engine_up() {
  engine_answers && return
  [ "$(uname -s)" = Linux ] || cannot "it needs Linux"
  [ "$(id -u)" = 0 ] || cannot "it needs root"
  command -v apt-get >/dev/null || cannot "it needs Debian's apt-get"
  if engine_pid >/dev/null; then
    wait_for 20 engine_answers && return
    engine_down # it is there and does not answer
  fi
  local other
  ! other=$(engine_other) || cannot "another engine runs here (pid $other), and two would overwrite each other's firewall rules"

  say "starting the engine"
  apt_install iptables iproute2 libdevmapper1.02.1 libseccomp2 curl ||
    cannot "Debian's packages could not be installed ($home/log/apt.log)"
  apt_unpack "$home/engine" docker.io containerd runc tini || cannot "the engine's packages could not be downloaded"
  mkdir -p "$home/bin"
  ln -sf "$home/engine/usr/bin/docker" "$home/bin/docker"
  engine_bridge || cannot "no network bridge could be made"
  engine_forget_crash
  engine_start
  wait_for 30 engine_settled
  engine_answers || {
    engine_down
    cannot "the engine did not start: $(tail -n 1 "$home/log/engine.log")"
  }
}

# Address pools of its own: networks that tests make never overlap the lab's 172.29 and 172.30, nor the usual 172.17.
# Namespaces of its own: should this machine run a containerd, dockerd uses that one.
engine_start() {
  PATH=$home/engine/usr/sbin:$home/engine/usr/bin:$PATH setsid dockerd \
    --host "$DOCKER_HOST" --data-root "$home/data" --exec-root "$home/exec" --pidfile "$home/docker.pid" \
    --bridge "$bridge" --default-address-pool base=10.201.0.0/16,size=24 --insecure-registry 172.30.0.0/16 \
    --containerd-namespace aplomo-lab --containerd-plugins-namespace aplomo-lab-plugins \
    </dev/null >"$home/log/engine.log" 2>&1 9>&- &
  engine_started=$!
}

# It answers, or it has ended: no reason to wait on.
engine_settled() { engine_answers || engine_ended "$engine_started"; }

engine_bridge() {
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge || return 1
  ip address replace 172.29.0.1/16 dev "$bridge" && ip link set "$bridge" up
}

engine_answers() {
  [ -S "$socket" ] && curl -fs --max-time 2 --unix-socket "$socket" http://engine/_ping >/dev/null 2>&1
}

# After a crash or a reboot the pid files name processes that are gone, or strangers that got the same number.
engine_forget_crash() {
  rm -f "$home/docker.pid"
  local file=$home/exec/containerd/containerd.pid
  engine_owns "$(cat "$file" 2>/dev/null)" || rm -f "$file"
}

# Is this process one of the lab's own?
engine_owns() {
  [ -n "$1" ] && tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF " $home/exec"
}

engine_pid() {
  local pid
  pid=$(cat "$home/docker.pid" 2>/dev/null) && engine_owns "$pid" && echo "$pid"
}

# Another dockerd in this network namespace. Those inside the lab's hosts have namespaces, and firewalls, of their own.
engine_other() {
  local folder here
  here=$(readlink /proc/self/ns/net)
  for folder in /proc/[0-9]*; do
    if [ "$(cat "$folder/comm" 2>/dev/null)" = dockerd ] && [ "$(readlink "$folder/ns/net")" = "$here" ] &&
      ! engine_owns "${folder#/proc/}"; then
      echo "${folder#/proc/}"
      return
    fi
  done
  return 1
}

engine_down() {
  local pid
  pid=$(engine_pid) || return 0
  kill "$pid"
  wait_for 30 engine_ended "$pid" || kill -9 "$pid"
  # dockerd mounts its data folder on itself and leaves it so: nobody could delete it.
  ! mountpoint -q "$home/data" || umount "$home/data" || true
  ip link delete "$bridge" 2>/dev/null || true
}

engine_ended() { ! kill -0 "$1" 2>/dev/null; }

engine_status() {
  if engine_answers; then
    echo "up, $(docker version --format '{{.Server.Version}}'), pid $(engine_pid)"
  else
    echo down
  fi
}

engine_env() {
  printf 'export DOCKER_HOST=%q\nexport DOCKER_CONFIG=%q\nexport PATH="$PATH":%q\n' \
    "$DOCKER_HOST" "$DOCKER_CONFIG" "$home/bin"
}
