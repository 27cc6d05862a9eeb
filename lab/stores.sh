# What copies of backups are tested against: MinIO, a real S3 server, built from its Go module (lab/stores/go.mod says which
# version), OpenSSH's sshd for SFTP, and the age program, which must open what we encrypt. Only the programs: each test starts servers
# of its own, which it cuts, kills and fills.

minio=$home/stores/minio
sshd=$home/stores/sshd

stores_up() {
  mkdir -p "$home/stores"
  minio_up
  sshd_up
  apt_install age
}

# Without a Go toolchain the S3 tests skip.
minio_up() {
  local inputs
  inputs=$(cat "$lab"/stores/go.{mod,sum} | sha256sum)
  [ "$(cat "$minio.inputs" 2>/dev/null)" != "$inputs" ] || return 0
  command -v go >/dev/null || { say "no S3 server: MinIO is built with Go, and there is none here"; return 0; }
  say "building MinIO (four minutes, once)"
  rm -f "$minio.inputs"
  # One compiler at a time: it is a large program, and others use the machine too.
  if (cd "$lab/stores" && GOTOOLCHAIN=auto GOFLAGS="-mod=readonly -buildvcs=false" CGO_ENABLED=0 logged minio \
    go build -p 1 -trimpath -ldflags "-s -w" -o "$minio" github.com/minio/minio); then
    echo "$inputs" >"$minio.inputs"
  else
    say "no S3 server: $(go version) could not build MinIO"
  fi
}

# Unpacked, it is in nobody's way; the account is the one it gives its rights up to.
sshd_up() {
  apt_install openssh-client
  apt_unpack "$home/openssh" openssh-server openssh-sftp-server libwrap0 libnsl2 libtirpc3 || fail "Debian's sshd could not be unpacked"
  getent passwd sshd >/dev/null || useradd --system --no-create-home --home-dir /run/sshd --shell /usr/sbin/nologin sshd
  printf '#!/bin/sh\nmkdir -p /run/sshd\nexport LD_LIBRARY_PATH=%q\nexec %q "$@"\n' \
    "$home/openssh/usr/lib/$(uname -m)-linux-gnu" "$home/openssh/usr/sbin/sshd" >"$sshd"
  chmod +x "$sshd"
}

stores_down() { :; }

stores_status() {
  local s3="no S3 server (no Go toolchain that can build it)" sftp="no sshd"
  [ ! -e "$minio.inputs" ] || s3="MinIO $(sed -n 's|^\tgithub.com/minio/minio \(v[^ ]*\).*|\1|p' "$lab/stores/go.mod")"
  [ ! -x "$sshd" ] || sftp="sshd $(ssh -V 2>&1 | cut -d, -f1)"
  echo "$s3; $sftp; age $(age --version 2>/dev/null || echo none)"
}

# Empty when there is none: a test then skips.
stores_env() {
  local s3='' sftp=''
  [ ! -e "$minio.inputs" ] || s3=$minio
  [ ! -x "$sshd" ] || sftp=$sshd
  printf 'export APLOMO_LAB_MINIO=%q\nexport APLOMO_LAB_SSHD=%q\nexport APLOMO_LAB_AGE=%q\n' "$s3" "$sftp" "$(command -v age || true)"
}
