# Further edges, kamal-proxy and Traefik from their Go modules, as those of lab/edges.sh: of these only the long rounds of the tests
# speak, and building them takes three and a half minutes.

proxies=(kamal-proxy traefik)

proxies_up() { each_edge_up "${proxies[@]}"; }

edge_kamal_proxy_up() { edge_from_module kamal-proxy github.com/basecamp/kamal-proxy/cmd/kamal-proxy; }

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

proxies_down() { :; }
proxies_status() { each_edge_status "${proxies[@]}"; }
proxies_env() { each_edge_env "${proxies[@]}"; }
