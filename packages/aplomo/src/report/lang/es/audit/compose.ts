import type { Catalogue } from "../../say.ts";

export const compose: Catalogue = {
  "the database is published to the world": "la base de datos está publicada para todo el mundo",
  "Docker opens published ports past ufw and firewalld: the database can be reached from everywhere the server can; in a file for production it is an error":
    "Docker abre los puertos publicados saltándose ufw y firewalld: se llega a la base de datos desde donde se llegue al servidor; en un archivo de producción es un error",
  "port {} of {} is open on every address of the server": "el puerto {} de {} está abierto en todas las direcciones del servidor",
  "remove `ports`: other services reach it by its name; for your own machine write 127.0.0.1: before it":
    "quite `ports`: los demás servicios llegan a ella por su nombre; para su propia máquina escriba 127.0.0.1: delante",
  "publish the port on this machine only": "publicar el puerto solo en esta máquina",
  "the service may take all memory of the server": "el servicio puede llevarse toda la memoria del servidor",
  "a leak in one service makes the kernel end another, often the database; a server with one service has nothing else to lose, hence info":
    "una fuga en un servicio hace que el kernel mate otro, a menudo la base de datos; un servidor con un solo servicio no tiene nada más que perder, por eso es información",
  "{} has no memory limit": "{} no tiene límite de memoria",
  "add mem_limit: 512m, or what it needs at its busiest and a half more":
    "añada mem_limit: 512m, o lo que necesite en su peor momento y la mitad más",
  "logs grow until the disk is full": "los registros crecen hasta llenar el disco",
  "Docker keeps everything a container ever wrote; after months the disk is full, and the database stops first; the daemon's own settings may limit it, hence info":
    "Docker guarda todo lo que un contenedor ha escrito; tras unos meses el disco está lleno, y lo primero que se para es la base de datos; puede que lo limite la configuración del propio daemon, por eso es información",
  "the logs of {} have no limit": "los registros de {} no tienen límite",
  "add logging: { driver: json-file, options: { max-size: 10m, max-file: '3' } }, or set it once in /etc/docker/daemon.json":
    "añada logging: { driver: json-file, options: { max-size: 10m, max-file: '3' } }, o póngalo una vez en /etc/docker/daemon.json",
  "the service stays down": "el servicio se queda caído",
  "without a restart policy a crash or a reboot of the server leaves the service stopped until somebody notices; nothing is lost, hence a warning":
    "sin política de reinicio, una caída o un reinicio del servidor dejan el servicio parado hasta que alguien lo nota; no se pierde nada, por eso es un aviso",
  "{} has no restart policy": "{} no tiene política de reinicio",
  "add restart: unless-stopped": "añada restart: unless-stopped",
  "start it again after a crash or reboot": "volver a arrancarlo tras una caída o un reinicio",
};
