import type { Catalogue } from "../../say.ts";

/** What a key of aplomo.yml is for, of those that must be there. */
export const required: Catalogue = {
  "Names the application on the server: folders, lock, backups": "Nombra la aplicación en el servidor: carpetas, bloqueo, copias",
  "What runs the application": "Qué ejecuta la aplicación",
  "Containers that docker compose runs": "Contenedores que ejecuta docker compose",
  "A service of a Docker Swarm; Aplomo runs on a manager": "Un servicio de Docker Swarm; Aplomo se ejecuta en un manager",
  "The service a release replaces, as `docker service ls` names it; it exists already":
    "El servicio que sustituye una versión, como lo nombra `docker service ls`; ya existe",
  "Processes that PM2 runs": "Procesos que ejecuta PM2",
  "The file PM2 starts, relative to `source`": "El archivo que arranca PM2, relativo a `source`",
  "The port the app listens on; it is given to it as PORT": "El puerto en el que escucha la app; se le da como PORT",
  "A Caddy that Aplomo runs, one for all applications of the server":
    "Un Caddy que ejecuta Aplomo, uno para todas las aplicaciones del servidor",
  "The certificate chain, PEM, relative to aplomo.yml": "La cadena de certificados, PEM, relativa a aplomo.yml",
  "Its private key, PEM, relative to aplomo.yml": "Su clave privada, PEM, relativa a aplomo.yml",
  "A kamal-proxy that Aplomo runs, one for all applications of the server":
    "Un kamal-proxy que ejecuta Aplomo, uno para todas las aplicaciones del servidor",
  "The nginx that stands on the server": "El nginx que hay en el servidor",
  "The file Aplomo writes and nginx includes: an upstream block": "El archivo que escribe Aplomo e incluye nginx: un bloque upstream",
  "The upstream's name in it": "El nombre del upstream que contiene",
  "The Traefik that stands on the server, by its file provider": "El Traefik que hay en el servidor, por su file provider",
  "The folder that Traefik's file provider watches": "La carpeta que vigila el file provider de Traefik",
  "Names of its entry points": "Nombres de sus puntos de entrada",
  "Where its entry point is reached from this machine": "Dónde se llega a su punto de entrada desde esta máquina",
  "Nothing: the plan says how many seconds a switch costs": "Nada: el plan dice cuántos segundos cuesta conmutar",
  "The folder it is built from, relative to aplomo.yml": "La carpeta desde la que se construye, relativa a aplomo.yml",
  "What kind of database it is": "Qué tipo de base de datos es",
  "How reports call this step": "Cómo llaman los informes a este paso",
  "The command, as a list: [program, argument, ...]. No shell reads it":
    "El comando, como lista: [programa, argumento, ...]. No lo lee ningún shell",
  "The path or URL that is asked": "La ruta o URL que se pide",
  "Another disk or a share, mounted on this machine": "Otro disco o una carpeta compartida, montados en esta máquina",
  "Its folder, which must exist; relative to aplomo.yml or absolute": "Su carpeta, que debe existir; relativa a aplomo.yml o absoluta",
  "A bucket of Amazon's S3 or of any server that speaks its protocol":
    "Un bucket de S3 de Amazon o de cualquier servidor que hable su protocolo",
  "The bucket, which must exist": "El bucket, que debe existir",
  "A machine that ssh reaches without being asked for a password": "Una máquina a la que ssh llega sin que le pidan contraseña",
  "`host`, `user@host`, or a name of the ssh configuration": "`host`, `user@host`, o un nombre de la configuración de ssh",
  "The folder there: relative to the user's home, or absolute": "La carpeta de ahí: relativa a la carpeta personal del usuario, o absoluta",
  "Any address that takes JSON": "Cualquier dirección que acepte JSON",
  "Where it is posted to": "Adónde se envía",
  "A channel of Slack": "Un canal de Slack",
  "Its incoming webhook": "Su webhook de entrada",
  "A channel of Discord": "Un canal de Discord",
  "Its webhook": "Su webhook",
  "A chat of Telegram": "Un chat de Telegram",
  "The bot's token": "El token del bot",
  "The chat's id": "El id del chat",
  "A topic of ntfy": "Un topic de ntfy",
  "The topic's address: https://ntfy.sh/my-topic": "La dirección del topic: https://ntfy.sh/my-topic",
  "Mail by SMTP": "Correo por SMTP",
  "The mail server: smtp:// (STARTTLS where it is offered) or smtps://":
    "El servidor de correo: smtp:// (STARTTLS donde se ofrezca) o smtps://",
  "The sender": "El remitente",
  "Who gets it": "Quién lo recibe",
};
