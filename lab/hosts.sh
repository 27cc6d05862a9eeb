# Two servers, s1 and s2: containers with sshd and an engine inside, reached by SSH with a throw-away key.

hosts_up() {
  images_up
  compose_up && compose_finish # their image holds compose v2
  image_up host
  network_up
  hosts_key
  local host
  for host in s1 s2; do hosts_start "$host"; done
  for host in s1 s2; do
    wait_for 30 docker exec "$host" docker info || fail "the engine inside $host does not answer"
  done
  hosts_ssh_config
  for host in s1 s2; do
    wait_for 10 ssh -F "$home/ssh/config" "$host" true || fail "$host does not answer to ssh"
  done
}

# --privileged asks for CAP_SYS_RESOURCE, which a machine may not have to give. These are what an engine inside needs
# and what a server's root would miss.
hosts_start() {
  local capability capabilities=()
  for capability in SYS_ADMIN NET_ADMIN NET_RAW SYS_PTRACE SYS_CHROOT MKNOD SYS_MODULE DAC_READ_SEARCH SYSLOG SYS_TIME \
    IPC_LOCK IPC_OWNER LEASE LINUX_IMMUTABLE MAC_ADMIN SYS_BOOT SYS_NICE SYS_PACCT SYS_TTY_CONFIG AUDIT_CONTROL \
    BLOCK_SUSPEND WAKE_ALARM; do
    capabilities+=(--cap-add "$capability")
  done
  mkdir -p "$home/hosts/$1"
  cp "$home/ssh/key.pub" "$home/hosts/$1/authorized_keys"
  lab_container hosts "$1" "$(hosts_address "$1")" host "${capabilities[@]}" \
    --security-opt seccomp=unconfined --security-opt apparmor=unconfined --stop-timeout 30 \
    -v /var/lib/docker -v /sys/fs/cgroup:/sys/fs/cgroup:rw --tmpfs /run:exec -v "$home/hosts/$1:/lab"
}

hosts_address() { echo "172.30.0.1${1#s}"; }

hosts_key() {
  command -v ssh >/dev/null || apt_install openssh-client || fail "openssh-client could not be installed"
  mkdir -p "$home/ssh"
  [ -s "$home/ssh/key" ] || ssh-keygen -q -t ed25519 -N '' -C aplomo-lab -f "$home/ssh/key"
}

# Host keys are read through the engine, so that ssh can be strict about them, as it is for users.
hosts_ssh_config() {
  local host
  for host in s1 s2; do
    echo "$(hosts_address "$host") $(docker exec "$host" cat /etc/ssh/ssh_host_ed25519_key.pub)"
  done >"$home/ssh/known_hosts"
  {
    for host in s1 s2; do printf 'Host %s\n  HostName %s\n\n' "$host" "$(hosts_address "$host")"; done
    printf 'Host s1 s2 172.30.0.*\n  User root\n  IdentityFile %s\n  UserKnownHostsFile %s\n' \
      "$home/ssh/key" "$home/ssh/known_hosts"
    printf '  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n  BatchMode yes\n  ConnectTimeout 5\n'
  } >"$home/ssh/config"
}

hosts_down() { lab_containers_down hosts; }

hosts_status() {
  local names
  names=$(lab_containers hosts)
  echo "${names:-down}"
}

# The sockets are the engines inside, for a test that is not about SSH.
hosts_env() {
  printf 'export APLOMO_LAB_SSH_CONFIG=%q\n' "$home/ssh/config"
  printf 'export APLOMO_LAB_S1_DOCKER_HOST=%q\nexport APLOMO_LAB_S2_DOCKER_HOST=%q\n' \
    "unix://$home/hosts/s1/docker.sock" "unix://$home/hosts/s2/docker.sock"
}
