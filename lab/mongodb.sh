# MongoDB's own server is in no registry within reach. In its place stands FerretDB 1.24 with SQLite behind, which speaks its protocol;
# mongodump and mongorestore are MongoDB's own. All are built from their Go modules. What this machine cannot build is absent, and tests
# that need it skip.

mongodb_programs=(ferretdb mongodump mongorestore)
ferretdb_version=v1.24.2
# Release 100.9.5 and five weeks: its own tags are none that Go knows.
mongo_tools_version=v0.0.0-20240723193119-837c2bc263f4
mongo_tools_release=100.9.5

mongodb_up() {
  mkdir -p "$home/bin"
  mongodb_programs_up || return 0
  images_up
  image_up mongodb
}

mongodb_programs_up() {
  mongodb_is_old || return 0
  command -v go >/dev/null || { say "no MongoDB: it is built with Go, and there is none here"; return 1; }
  say "building ferretdb, mongodump and mongorestore (two minutes, once)"
  logged mongodb mongodb_build || { say "no MongoDB: $(go version) could not build it"; return 1; }
  mongodb_inputs >"$home/bin/mongodb.inputs"
}

mongodb_build() {
  local work=$home/build-mongodb tool
  rm -rf "$work" && mkdir -p "$work" || return
  cp -r "$(edge_module "github.com/FerretDB/FerretDB@$ferretdb_version")" "$work/ferretdb" || return
  cp -r "$(edge_module "github.com/mongodb/mongo-tools@$mongo_tools_version")" "$work/tools" || return
  chmod -R u+w "$work"
  # It names modules, and holds none.
  rm -rf "$work/tools/vendor"
  echo "$ferretdb_version" >"$work/ferretdb/build/version/version.txt"
  # mongorestore sends the old option `ns` with every index and asks that what is unknown be passed over, which MongoDB does and
  # FerretDB does not.
  sed -i 's/^\t\tcase "background":/\t\tcase "background", "ns":/' "$work/ferretdb/internal/handler/msg_createindexes.go"
  grep -q '"background", "ns"' "$work/ferretdb/internal/handler/msg_createindexes.go" || return
  (cd "$work/ferretdb" && GOTOOLCHAIN=auto GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0 \
    go build -trimpath -ldflags "-s -w" -o "$home/bin/ferretdb" ./cmd/ferretdb) || return
  for tool in mongodump mongorestore; do
    (cd "$work/tools" && GOTOOLCHAIN=auto GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0 \
      go build -trimpath -ldflags "-s -w -X main.VersionStr=$mongo_tools_release" -o "$home/bin/$tool" "./$tool/main") || return
  done
  rm -rf "$work"
}

mongodb_inputs() { sha256sum <"$lab/mongodb.sh"; }

mongodb_is_old() {
  local program
  for program in "${mongodb_programs[@]}"; do [ -x "$home/bin/$program" ] || return 0; done
  [ "$(cat "$home/bin/mongodb.inputs" 2>/dev/null)" != "$(mongodb_inputs)" ]
}

# The image's inputs are the programs' own.
image_mongodb_files() {
  local program
  for program in "${mongodb_programs[@]}"; do cp "$home/bin/$program" .; done
}

mongodb_down() { :; }
mongodb_status() { [ -n "$(image_label mongodb)" ] && echo "aplomo-lab/mongodb (FerretDB $ferretdb_version)" || echo none; }

# Empty when there is none: a test then skips.
mongodb_env() {
  local program path
  for program in "${mongodb_programs[@]}"; do
    path=
    [ ! -x "$home/bin/$program" ] || path=$home/bin/$program
    printf 'export APLOMO_LAB_%s=%q\n' "${program^^}" "$path"
  done
  [ -z "$(image_label mongodb)" ] || printf 'export APLOMO_LAB_MONGODB=aplomo-lab/mongodb\n'
}
