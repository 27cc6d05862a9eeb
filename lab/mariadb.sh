# MariaDB is an image, apart from the others because not every test run needs it.

mariadb_up() {
  images_up
  image_up mariadb
}

mariadb_down() { :; }
mariadb_status() { [ -n "$(image_label mariadb)" ] && echo "aplomo-lab/mariadb" || echo none; }
mariadb_env() { :; }
