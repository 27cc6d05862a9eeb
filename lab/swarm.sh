# A Swarm of the two hosts: s1 manages, s2 works. This kernel may lack IPVS: then virtual IPs and the ingress mesh do not
# forward, and services use endpoint_mode dnsrr or ports in mode host (see lab/README.md).

swarm_up() {
  hosts_up
  [ "$(swarm_state s1)" = active ] || logged swarm docker exec s1 docker swarm init \
    --advertise-addr "$(hosts_address s1)" --default-addr-pool 10.210.0.0/16 || fail "s1 could not start a swarm"
  [ "$(swarm_state s2)" = active ] || logged swarm docker exec s2 docker swarm join \
    --token "$(docker exec s1 docker swarm join-token --quiet worker)" "$(hosts_address s1):2377" ||
    fail "s2 could not join the swarm"
  wait_for 20 swarm_ready || fail "the swarm's two nodes are not ready"
}

swarm_state() { docker exec "$1" docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null || true; }

swarm_ready() { [ "$(docker exec s1 docker node ls --format '{{.Status}}' | grep -c Ready)" = 2 ]; }

swarm_down() { :; } # it goes with its hosts

swarm_status() {
  if [ "$(swarm_state s1)" = active ]; then
    docker exec s1 docker node ls --format '{{.Hostname}} {{.Status}}{{if .ManagerStatus}} ({{.ManagerStatus}}){{end}}' |
      paste -sd ' '
  else
    echo down
  fi
}

swarm_env() { printf 'export APLOMO_LAB_SWARM_DOCKER_HOST=%q\n' "unix://$home/hosts/s1/docker.sock"; }
