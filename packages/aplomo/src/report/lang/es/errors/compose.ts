import type { Catalogue } from "../../say.ts";

export const compose: Catalogue = {
  "its image is no longer on this engine, so it could not be returned to":
    "su imagen ya no está en este motor, así que no se podría volver a ella",
  "Make an image of it first: docker commit {} {}, then recreate it from that.":
    "Haga antes una imagen: docker commit {} {}, y después créelo de nuevo con ella.",
  "the compose files": "los archivos de compose",
  "it is no longer what {} runs: the files or an image changed after the plan was made":
    "ya no es lo que ejecuta {}: los archivos o una imagen cambiaron después de hacer el plan",
  "Run `aplomo deploy` again.": "Ejecute `aplomo deploy` otra vez.",
  "{} is no longer in the compose files: what only they say of it is lost":
    "{} ya no está en los archivos de compose: se pierde lo que solo ellos dicen de él",
  "{}: the compose files have changed since it was started; limits, capabilities and logging come from them":
    "{}: los archivos de compose han cambiado desde que arrancó; límites, capacidades y registros salen de ellos",
  "{}: its containers differ; all are returned to as {} is": "{}: sus contenedores difieren; se vuelve a todos como es {}",
  "target {}": "el target {}",
  "it is not compose": "no es compose",
  "Correct target.files in aplomo.yml.": "Corrija target.files en aplomo.yml.",
  "Write one in {}, or name the files in target.files.": "Escriba uno en {}, o nombre los archivos en target.files.",
  "Start the engine: systemctl start docker.": "Arranque el motor: systemctl start docker.",
  "Add this user to the group docker, or run Aplomo as root.": "Añada este usuario al grupo docker, o ejecute Aplomo como root.",
  "nothing says which service the edge stands in front of": "nada dice delante de qué servicio está el proxy",
  "Set edge.service to one of {}.": "Ponga edge.service en uno de {}.",
  "Name one of {}, as edge.service or under edge.sites.": "Nombre uno de {}, en edge.service o en edge.sites.",
  "the edge is to stand in front of {}, which is not deployed": "el proxy debe estar delante de {}, que no se despliega",
  "{} has network_mode {}, in which two releases cannot have the same port":
    "{} tiene network_mode {}, con el que dos versiones no pueden tener el mismo puerto",
  "Remove network_mode, or use `edge: { kind: none }`.": "Quite network_mode, o use `edge: { kind: none }`.",
  "{} publishes {} besides the port that the edge stands in front of: two releases cannot both have it":
    "{} publica {} además del puerto delante del cual está el proxy: dos versiones no pueden tenerlo a la vez",
  "Publish it from a service of its own, or use `edge: { kind: none }`.":
    "Publíquelo desde un servicio propio, o use `edge: { kind: none }`.",
  "nothing says which of {} is behind the edge": "nada dice cuál de {} está detrás del proxy",
  "Set edge.service.": "Ponga edge.service.",
  "nothing says which of its ports answers requests": "nada dice cuál de sus puertos responde peticiones",
  "Set health.port, or the port of its site.": "Ponga health.port, o el puerto de su sitio.",
  "Fetch it again: docker pull {}.": "Descárguela otra vez: docker pull {}.",
  "Go back to another release, or deploy again.": "Vuelva a otra versión, o despliegue otra vez.",
  "the containers": "los contenedores",
  "See docker logs {}.": "Vea docker logs {}.",
  "{}: its definition has changed since it was started": "{}: su definición ha cambiado desde que arrancó",
  "it is gone": "ya no está",
  "service {} is no part of {}": "el servicio {} no forma parte de {}",
  "image {} runs, {} is meant ({})": "se ejecuta la imagen {}, se quiere {} ({})",
  "label {} is {}, {} is meant": "la etiqueta {} es {}, se quiere {}",
  "variable {} is missing {}": "la variable {} falta {}",
  "variable {} is not meant to be there": "la variable {} no debería estar",
  "variable {} has another value {}": "la variable {} tiene otro valor {}",
  "Write ${{}:?}: then compose refuses to start without it": "Escriba ${{}:?}: así compose se niega a arrancar sin ella",
  "it is for {}/{}, and this server is {}/{}": "es para {}/{}, y este servidor es {}/{}",
  "Build it for this server: `platform: {}/{}` under images in aplomo.yml, or docker build --platform.":
    "Constrúyala para este servidor: `platform: {}/{}` en images de aplomo.yml, o docker build --platform.",
  "it has no image": "no tiene imagen",
  "Give {} an `image`.": "Dé a {} una `image`.",
  "Deploy it from the machine that has built it: aplomo build {}, then aplomo deploy.":
    "Despliéguela desde la máquina que la construyó: aplomo build {}, y después aplomo deploy.",
  "{} is not on this server": "{} no está en este servidor",
  "pulling {}": "descargando {}",
  "Push it first, and log this server in to its registry: docker login. `pull_policy: missing` takes the image that is here.":
    "Súbala primero, e inicie sesión en su registro desde este servidor: docker login. `pull_policy: missing` toma la imagen que está aquí.",
  "it was pulled and is not here: another program removes images": "se descargó y no está aquí: otro programa borra imágenes",
  "its image{} is not on this server, and Aplomo builds nothing on a server that runs an app":
    "su imagen{} no está en este servidor, y Aplomo no construye nada en un servidor que ejecuta una app",
  "the images of {}": "las imágenes de {}",
  "Run `docker compose config` to see the same.": "Ejecute `docker compose config` para ver lo mismo.",
  "docker-compose {} is too old: 1.{} is the least": "docker-compose {} es demasiado antiguo: como mínimo 1.{}",
  "the volumes": "los volúmenes",
  "the database would begin empty: its volume {} does not exist, but {} of the compose project {} does":
    "la base de datos empezaría vacía: su volumen {} no existe, pero sí {} del proyecto de compose {}",
  "Set target.project: {}. If an empty database is meant, make its volume first: docker volume create {}.":
    "Ponga target.project: {}. Si se quiere una base de datos vacía, cree antes su volumen: docker volume create {}.",
  "{} has several services: {}": "{} tiene varios servicios: {}",
  "{} has no service {}": "{} no tiene ningún servicio {}",
  "Name in `service` the one whose image and environment it needs.": "Nombre en `service` aquel cuya imagen y entorno necesita.",
  "somebody removed the container": "alguien quitó el contenedor",
  "See what it has done, then deploy again.": "Mire qué hizo, y despliegue otra vez.",
  "it runs on after SIGKILL": "sigue en marcha después de SIGKILL",
  "Look at it: docker inspect {}.": "Mírelo: docker inspect {}.",
  "Name in migrate.service the service whose image holds the migrations.":
    "Nombre en migrate.service el servicio cuya imagen tiene las migraciones.",
  "no service of this release is meant": "no se refiere a ningún servicio de esta versión",
  "aplomo.yml names the service {}, which the compose files do not have":
    "aplomo.yml nombra el servicio {}, que los archivos de compose no tienen",
  "Correct the name in aplomo.yml.": "Corrija el nombre en aplomo.yml.",
  "no service is left for a release to replace": "no queda ningún servicio que una versión pueda sustituir",
  "Name the services in target.services.": "Nombre los servicios en target.services.",
  "{} is a one-shot command that other services wait for: it would run behind Aplomo's back":
    "{} es un comando de un solo uso al que esperan otros servicios: se ejecutaría a espaldas de Aplomo",
  "Run it as migrate, derive or seed (service: {}) in aplomo.yml, or leave it to you with `profiles` and name the others in target.services.":
    "Ejecútelo como migrate, derive o seed (service: {}) en aplomo.yml, o resérveselo con `profiles` y nombre los demás en target.services.",
  "Set it in the env file, or write ${{}:-} where empty is meant.":
    "Defínala en el archivo de entorno, o escriba ${{}:-} si se quiere vacía.",
  "{} shares what belongs to a service that a release does not replace: {}":
    "{} comparte lo que es de un servicio que una versión no sustituye: {}",
  "Give the two a network or a named volume in common instead.": "Dé en su lugar a los dos una red o un volumen con nombre en común.",
  "{} has one container_name for several containers": "{} tiene un solo container_name para varios contenedores",
  "Remove container_name from {}.": "Quite container_name de {}.",
  "{} would get another {} than the env file has: compose interprets the $ in it":
    "{} recibiría otra {} que la del archivo de entorno: compose interpreta su $",
  "Put the value of {} in single quotes in the env file, or write {}: ${{}} under `environment` of {}.":
    "Ponga el valor de {} entre comillas simples en el archivo de entorno, o escriba {}: ${{}} en `environment` de {}.",
  "{} keeps its data on {}, the compose files say {}: made anew, it would be empty":
    "{} guarda sus datos en {}, los archivos de compose dicen {}: creado de nuevo, estaría vacío",
  "Let the files say what is true (a volume with `name: {}` and `external: true`), or move the data yourself.":
    "Que los archivos digan lo que es cierto (un volumen con `name: {}` y `external: true`), o mueva usted los datos.",
  "{} runs version {}, the compose files say {}: a server of another major version does not read the data":
    "{} ejecuta la versión {}, los archivos de compose dicen {}: un servidor de otra versión mayor no lee los datos",
  "Set the image of {} back to {}; going to {} is a migration of its own (dump, new volume, restore).":
    "Devuelva la imagen de {} a {}; pasar a {} es una migración aparte (volcado, volumen nuevo, restauración).",
  "{} wants the container name {}, which another container has": "{} quiere el nombre de contenedor {}, que tiene otro contenedor",
  "Remove container_name from {}, or look at that container: docker inspect {}.":
    "Quite container_name de {}, o mire ese contenedor: docker inspect {}.",
  "{} ends with exit code 0 and is started for ever ({}): its command is not a server":
    "{} termina con código de salida 0 y se arranca sin fin ({}): su comando no es un servidor",
  "See `aplomo logs`; give {} a main command that stays.": "Vea `aplomo logs`; dé a {} un comando principal que se quede.",
  "the network, for a database that is not a service of these files":
    "la red, para una base de datos que no es un servicio de estos archivos",
  "the folder {}, in which the copy lies beside the database's file":
    "la carpeta {}, en la que está la copia junto al archivo de la base de datos",
  "what a rehearsal left": "lo que dejó un ensayo",
  "the rehearsal {}": "el ensayo {}",
  "it was never completely staged: {} is missing": "nunca se preparó del todo: falta {}",
  "Deploy again, or go back to a release that `aplomo history` shows as complete.":
    "Despliegue otra vez, o vuelva a una versión que `aplomo history` muestre como completa.",
  "its files in {} were changed after it was staged": "sus archivos en {} cambiaron después de prepararla",
  "the compose files have no service of this name": "los archivos de compose no tienen ningún servicio con ese nombre",
  "Correct the name under images in aplomo.yml.": "Corrija el nombre en images de aplomo.yml.",
  "it lies on a {}": "están en un {}",
  "it lies in {}, among releases that come and go": "están en {}, entre versiones que van y vienen",
  "it lies in {}, which a restart of the machine empties": "están en {}, que un reinicio de la máquina vacía",
  "the services are {} instead of {}": "los servicios son {} en lugar de {}",
  "the compose files, or values in them, have changed too: {}": "los archivos de compose, o valores en ellos, también han cambiado: {}",
  "Deploy all of it: aplomo deploy.": "Despliéguelo todo: aplomo deploy.",
  "{} (not on this server yet)": "{} (todavía no está en este servidor)",
  "it is {}": "está en estado {}",
};
