# Two registries: one open, one that asks for a password made up here.

registry_open=172.30.0.2:5000
registry_private=172.30.0.3:5000

registry_up() {
  images_up
  image_up registry
  network_up
  registry_password
  lab_container registry registry 172.30.0.2 registry
  lab_container registry registry-private 172.30.0.3 registry -v "$home/registry:/etc/registry:ro" \
    -e REGISTRY_AUTH=htpasswd -e REGISTRY_AUTH_HTPASSWD_REALM=lab -e REGISTRY_AUTH_HTPASSWD_PATH=/etc/registry/htpasswd
  local address
  for address in "$registry_open" "$registry_private"; do
    wait_for 10 curl -s --max-time 2 "http://$address/v2/" || fail "the registry at $address does not answer"
  done
}

registry_password() {
  [ ! -s "$home/registry/htpasswd" ] || return 0
  mkdir -p "$home/registry"
  (umask 077 && head -c 18 /dev/urandom | base64 >"$home/registry/password")
  docker run --rm --interactive aplomo-lab/registry htpasswd -niB lab <"$home/registry/password" >"$home/registry/htpasswd"
}

registry_down() { lab_containers_down registry; }

registry_status() {
  local names
  names=$(lab_containers registry)
  echo "${names:-down}"
}

registry_env() {
  printf 'export APLOMO_LAB_REGISTRY=%q\nexport APLOMO_LAB_REGISTRY_PRIVATE=%q\n' "$registry_open" "$registry_private"
  printf 'export APLOMO_LAB_REGISTRY_USER=lab\nexport APLOMO_LAB_REGISTRY_PASSWORD_FILE=%q\n' "$home/registry/password"
}
