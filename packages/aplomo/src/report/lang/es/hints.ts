import type { Catalogue } from "../say.ts";

/** Next acts, those that are met most often. */
export const hints: Catalogue = {
  "`aplomo history` lists them": "`aplomo history` los enumera",
  "nothing of production was touched; correct the release and deploy again":
    "no se ha tocado nada de producción; corrija la versión y despliegue otra vez",
  "whatever this server reaches: under PM2 nothing keeps a process in": "lo que alcanza este servidor: con PM2 nada retiene a un proceso",
  "repeat the command with --yes": "repita el comando con --yes",
  "edit it, or replace it with --force": "edítelo, o sustitúyalo con --force",
  "run `aplomo deploy` again": "ejecute `aplomo deploy` otra vez",
  "free disk space, or set backups.directory to another disk": "libere espacio en el disco, o ponga backups.directory en otro disco",
  "its last lines are in the report; data is put back as it was":
    "sus últimas líneas están en el informe; los datos vuelven a como estaban",
  "the units answer when asked directly: what stands in front points elsewhere, or gives them less time than they need":
    "las unidades responden cuando se les pregunta directamente: lo que está delante apunta a otro sitio, o les da menos tiempo del que necesitan",
  "the units answer when asked directly: nothing listens at this address, or a name or a firewall keeps it away":
    "las unidades responden cuando se les pregunta directamente: nadie escucha en esta dirección, o la cierra un nombre o un cortafuegos",
  "something inside it ends and is begun anew: look for process.exit in a module that is imported, or a one-shot command in a loop":
    "algo dentro termina y vuelve a empezar: busque process.exit en un módulo importado, o un comando de un solo uso en bucle",
  "`aplomo logs` shows it whole; logs.forbid makes it refuse a release":
    "`aplomo logs` lo muestra entero; logs.forbid hace que rechace una versión",
  "the application is stopped; decide with `aplomo recover --data restore` (those rows stay in the kept database) or `aplomo recover --data keep`":
    "la aplicación está parada; decida con `aplomo recover --data restore` (esas filas quedan en la base de datos conservada) o con `aplomo recover --data keep`",
  "`aplomo report {}` says what is needed; `aplomo recover` tries again":
    "`aplomo report {}` dice qué hace falta; `aplomo recover` lo intenta de nuevo",
  "keep: leave the rows written since; restore: put the last backup back":
    "keep: dejar las filas escritas desde entonces; restore: devolver la última copia",
  "The next `aplomo backup run` makes it up.": "La próxima `aplomo backup run` lo completa.",
  "Make one: aplomo backup run.": "Haga una: aplomo backup run.",
  "The newest: {}. All: aplomo backup list.": "La más nueva: {}. Todas: aplomo backup list.",
  "Make a new one: openssl rand -hex {}": "Cree uno nuevo: openssl rand -hex {}",
  "Write {}: then compose refuses to start without it": "Escriba {}: así compose se niega a arrancar sin ella",
  "Run `pm2 startup` and the command it prints, once.": "Ejecute una vez `pm2 startup` y el comando que imprime.",
  "Install it in the app's folder, `npm install pm2`, or for everybody, `npm install --global pm2`.":
    "Instálelo en la carpeta de la app, `npm install pm2`, o para todos, `npm install --global pm2`.",
  "Make the app listen on PORT; when it only needs longer, raise target.listen_timeout.":
    "Haga que la app escuche en PORT; si solo necesita más tiempo, suba target.listen_timeout.",
  "Look at its last lines; a server must not end by itself, with whatever exit code.":
    "Mire sus últimas líneas; un servidor no debe terminar por sí mismo, con ningún código de salida.",
  "Build the image of {} where there is power, push it and name it in `image`; or run `docker compose build {}` on this machine yourself.":
    "Construya la imagen de {} donde haya potencia, súbala y nómbrela en `image`; o ejecute usted mismo `docker compose build {}` en esta máquina.",
  "Put {} of {} on a named volume, after copying what is in it: docker cp keeps everything while the database is stopped.":
    "Ponga {} de {} en un volumen con nombre, después de copiar lo que contiene: docker cp lo conserva todo mientras la base de datos está parada.",
  "Run it as migrate or seed in aplomo.yml, and let the service's command be its server.":
    "Ejecútelo como migrate o seed en aplomo.yml, y que el comando del servicio sea su servidor.",
  "If it comes from a registry, log this server in to it; if it is built here, set `pull_policy: never`.":
    "Si viene de un registro, inicie sesión en él desde este servidor; si se construye aquí, ponga `pull_policy: never`.",
  "Stop it, or give the app another port in aplomo.yml (target.port).": "Párelo, o dé a la app otro puerto en aplomo.yml (target.port).",
  "`aplomo audit` shows them with what to do; audit.gate in aplomo.yml decides what refuses a deploy":
    "`aplomo audit` los muestra con lo que hay que hacer; audit.gate en aplomo.yml decide qué rechaza un despliegue",
  "Add it to aplomo.yml under databases.": "Añádala a aplomo.yml, en databases.",
  "The databases: {}.": "Las bases de datos: {}.",
  "Use one of {}": "Use una de {}",
  "kept releases: {}": "versiones conservadas: {}",
};
