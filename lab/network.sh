# The network that the registry and the hosts are on, and how the lab keeps containers on it.
#
#   172.30.0.2 registry   172.30.0.3 registry with a password   172.30.0.11 s1   172.30.0.12 s2

# Fixed addresses come from the first half; whatever else joins the network gets one of the second. The bridge has a
# fixed name: one that a crash left over is used again, where a second one would take half of the traffic.
network_up() {
  engine_up
  docker network inspect lab >/dev/null 2>&1 ||
    docker network create --subnet 172.30.0.0/16 --gateway 172.30.0.1 --ip-range 172.30.128.0/17 \
      --opt com.docker.network.bridge.name=aplomo1 lab >/dev/null ||
    fail "the lab's network could not be made"
}

# A test's container may still be on it; it then stays for the next time.
network_down() {
  ! engine_answers || docker network rm lab >/dev/null 2>&1 || true
}

network_status() { ip -brief address show aplomo1 2>/dev/null | awk '{print $3}' | grep . || echo down; }

network_env() { :; }

# lab_container PART NAME ADDRESS IMAGE [docker run options]: running, started again as it was if it had stopped, and
# made anew when its image changed.
lab_container() {
  local part=$1 name=$2 address=$3 image=aplomo-lab/$4
  shift 4
  case $(docker inspect --format '{{.Image}} {{.State.Running}}' "$name" 2>/dev/null) in
    "$(docker image inspect --format '{{.Id}}' "$image") true") return ;;
    "$(docker image inspect --format '{{.Id}}' "$image") false") docker start "$name" >/dev/null; return ;;
  esac
  say "starting $name"
  docker rm --force --volumes "$name" >/dev/null 2>&1 || true
  docker run --detach --name "$name" --hostname "$name" --network lab --ip "$address" --label "aplomo-lab.part=$part" \
    "$@" "$image" >/dev/null
}

# lab_containers PART: their names, those that run.
lab_containers() {
  ! engine_answers || docker ps --filter "label=aplomo-lab.part=$1" --format '{{.Names}}' | sort | xargs
}

# lab_containers_down PART: their anonymous volumes go too: the next ones start empty.
lab_containers_down() {
  engine_answers || return 0
  docker ps --all --quiet --filter "label=aplomo-lab.part=$1" | xargs -r docker rm --force --volumes >/dev/null
}
