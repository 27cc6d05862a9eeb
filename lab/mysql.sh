# MySQL is in no Debian release any more, only in unstable: the image is as new as that was on the day it was built. Where it cannot
# be built, the tests of MySQL skip.

mysql_up() {
  images_up
  (image_up mysql) || say "no MySQL: see $home/log/image-mysql.log"
}

image_mysql_files() {
  apt_install mmdebstrap && mmdebstrap --variant=minbase --include=mysql-server-core,mysql-client-core,util-linux,passwd \
    --aptopt='Acquire::Check-Valid-Until "false"' --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' sid rootfs.tar
}

mysql_down() { :; }
mysql_status() { [ -n "$(image_label mysql)" ] && echo "aplomo-lab/mysql" || echo none; }
mysql_env() { [ -z "$(image_label mysql)" ] || printf 'export APLOMO_LAB_MYSQL=aplomo-lab/mysql\n'; }
