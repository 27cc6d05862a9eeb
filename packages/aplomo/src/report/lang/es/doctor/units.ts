import type { Catalogue } from "../../say.ts";

export const units: Catalogue = {
  "the command does not exist": "el comando no existe",
  "The image or the machine has no program of that name: it is spelt otherwise, was left out of the last stage of the image, or is not on the PATH. The engine gives 127.":
    "La imagen o la máquina no tiene ningún programa con ese nombre: se escribe de otra manera, se quedó fuera de la última etapa de la imagen, o no está en el PATH. El motor da 127.",
  "Correct `command` or `entrypoint`, or add the program to the image's last stage.":
    "Corrija `command` o `entrypoint`, o añada el programa a la última etapa de la imagen.",
  "there is no {} where it runs": "donde se ejecuta no hay {}",
  "it was started as: {}": "se arrancó como: {}",
  "a server ends by itself with exit code 0": "un servidor termina solo con código de salida 0",
  "A module that is imported calls process.exit(0), or the main program does its work and returns. Supervisors take 0 for success: they start it again and again, and call it online in between (I4).":
    "Un módulo importado llama a process.exit(0), o el programa principal hace su trabajo y vuelve. Los supervisores toman el 0 por un éxito: lo arrancan una y otra vez, y entretanto lo llaman online (I4).",
  "Look for process.exit in what the main program imports, and for a main program that does not wait: its last lines say how far it came. `aplomo audit --explain exit-on-import` tells more.":
    "Busque process.exit en lo que importa el programa principal, y un programa principal que no espera: sus últimas líneas dicen hasta dónde llegó. `aplomo audit --explain exit-on-import` cuenta más.",
  "a file the program needs is not there": "un archivo que el programa necesita no está",
  "The build did not make it, .dockerignore or target.exclude leaves it out, or the path is relative to another folder than the one it runs in.":
    "La construcción no lo creó, .dockerignore o target.exclude lo dejan fuera, o la ruta es relativa a otra carpeta que aquella en la que se ejecuta.",
  "Look inside for the path that the line names; correct the build, the copy or the path.":
    "Busque dentro la ruta que nombra la línea; corrija la construcción, la copia o la ruta.",
  "it does not find {}": "no encuentra {}",
  "the folder it runs in is gone": "la carpeta en la que se ejecuta ya no está",
  "`aplomo rollback` or `aplomo deploy`: each release has a folder of its own, which nothing but retention removes.":
    "`aplomo rollback` o `aplomo deploy`: cada versión tiene su propia carpeta, que solo borra la conservación.",
  "{} does not exist": "{} no existe",
  "A release's folder was removed, or replaced by a new one of the same name, under a process that runs: it goes on until its next start, which then fails.":
    "La carpeta de una versión se borró, o se sustituyó por otra con el mismo nombre, bajo un proceso en marcha: este sigue hasta su próximo arranque, que entonces falla.",
  "Node's own heap is full": "el heap de Node está lleno",
  "Node ends itself (exit code 134) when its heap reaches a limit that it took from the machine, or from --max-old-space-size, also while the container has memory left.":
    "Node termina por sí mismo (código de salida 134) cuando su heap alcanza un límite que tomó de la máquina, o de --max-old-space-size, aunque al contenedor le quede memoria.",
  "Find what grows; or set NODE_OPTIONS=--max-old-space-size to three quarters of the container's limit, in MiB.":
    "Busque qué crece; o ponga NODE_OPTIONS=--max-old-space-size a tres cuartos del límite del contenedor, en MiB.",
  "its heap has no room left": "a su heap no le queda sitio",
  "the image cannot be had where it is to run": "la imagen no se consigue donde debe ejecutarse",
  "its image": "su imagen",
  "{} is not to be had": "no se consigue {}",
  "It was removed from its registry, the node was never logged in there, or cannot reach it: a swarm asks each node to fetch the image by itself, and gives the task up there.":
    "Se borró de su registro, en el nodo nunca se inició sesión, o no llega a él: un swarm pide a cada nodo que descargue la imagen por su cuenta, y ahí da la tarea por perdida.",
  "Push it again, or `aplomo rollback` to a release whose image is there; on the node named, `docker pull` says what is wrong. Aplomo hands on this machine's `docker login`.":
    "Súbala otra vez, o `aplomo rollback` a una versión cuya imagen esté ahí; en el nodo nombrado, `docker pull` dice qué va mal. Aplomo pasa el `docker login` de esta máquina.",
  "A unit does not start, or ends": "Una unidad no arranca, o termina",
  "The environment and the image": "El entorno y la imagen",
  "502, and what stands in front": "502, y lo que está delante",
  "The database": "La base de datos",
  "Disks, folders, the machine": "Discos, carpetas, la máquina",
  "Aplomo's own work": "El propio trabajo de Aplomo",
  "it was killed from outside": "lo mataron desde fuera",
  "SIGKILL (137) without a word of memory: somebody ran `docker kill`, the machine ran out of memory as a whole, or it ignored being asked to stop until its time was up.":
    "SIGKILL (137) sin una palabra sobre memoria: alguien ejecutó `docker kill`, la máquina entera se quedó sin memoria, o no atendió cuando se le pidió parar hasta que se acabó su tiempo.",
  "Look for `Out of memory` in `dmesg`. If it was stopped, make it end on SIGTERM; then start it: `aplomo deploy`, or `aplomo rollback`.":
    "Busque `Out of memory` en `dmesg`. Si lo pararon, haga que termine con SIGTERM; después arránquelo: `aplomo deploy`, o `aplomo rollback`.",
  "a start script has the line ends of Windows": "un script de arranque tiene los finales de línea de Windows",
  "The kernel looks for an interpreter whose name ends in a carriage return, and says that a file does not exist which everybody sees.":
    "El kernel busca un intérprete cuyo nombre acaba en un retorno de carro, y dice que no existe un archivo que todo el mundo ve.",
  "Save it with \\n, and keep it so: `*.sh text eol=lf` in .gitattributes.":
    "Guárdelo con \\n, y que siga así: `*.sh text eol=lf` en .gitattributes.",
  "its first lines end with a carriage return": "sus primeras líneas acaban en un retorno de carro",
  "its memory is nearly used up": "su memoria está casi agotada",
  "When it reaches its limit it is ended in the middle of its requests, by the kernel or by PM2. Memory that only grows gets there on a quiet night as well (I13).":
    "Cuando alcanza su límite lo terminan en mitad de sus peticiones, el kernel o PM2. Una memoria que solo crece llega ahí también en una noche tranquila (I13).",
  "Watch it for an hour. When it grows on, look for what is kept; when it stands still, raise the limit.":
    "Obsérvela durante una hora. Si sigue creciendo, busque qué se guarda; si se mantiene, suba el límite.",
  "it uses {} % of its limit": "usa el {} % de su límite",
  "a file is read as the wrong kind of module": "un archivo se lee como otro tipo de módulo",
  '`import` in a file that Node takes for CommonJS, or `require` in one it takes for an ES module: "type" in package.json is missing in the release, or differs from where it was built.':
    '`import` en un archivo que Node toma por CommonJS, o `require` en uno que toma por módulo ES: "type" falta en el package.json de la versión, o no es el de donde se construyó.',
  'Copy package.json beside the built files, and set "type" to what the build writes; or name the files .mjs or .cjs.':
    'Copie package.json junto a los archivos construidos, y ponga en "type" lo que escribe la construcción; o llame a los archivos .mjs o .cjs.',
  "Node reads it as another kind of module than it is": "Node lo lee como otro tipo de módulo que el que es",
  "a dependency is not installed": "una dependencia no está instalada",
  "The program imports a package that its folder or image does not hold: it stands under devDependencies, the lock file was not copied, or the last stage of the image copies only a part of node_modules.":
    "El programa importa un paquete que su carpeta o imagen no tiene: está en devDependencies, no se copió el lock file, o la última etapa de la imagen copia solo una parte de node_modules.",
  "Add it to the dependencies and build again; in an image of several stages copy it into the last one.":
    "Añádalo a las dependencias y construya otra vez; en una imagen de varias etapas, cópielo a la última.",
  "it cannot find the package {}": "no encuentra el paquete {}",
  "native code crashed": "código nativo se estrelló",
  "Install the dependencies inside the image they run in, and take the last native package that changed back to its version before.":
    "Instale las dependencias dentro de la imagen en la que se ejecutan, y vuelva a la versión anterior del último paquete nativo que cambió.",
  "A library below the language broke: built for another processor or another libc (a package built on Debian in an Alpine image), or simply faulty.":
    "Se rompió una biblioteca por debajo del lenguaje: compilada para otro procesador u otra libc (un paquete compilado en Debian dentro de una imagen Alpine), o simplemente defectuosa.",
  "a native package was built for another Node or another system": "un paquete nativo se compiló para otro Node u otro sistema",
  "node_modules was copied from a laptop, or stayed when Node was updated: what is compiled in it fits only where it was made.":
    "node_modules se copió de un portátil, o se quedó al actualizar Node: lo compilado que contiene solo encaja donde se creó.",
  "Install the dependencies where they run: `npm ci` inside the image, or target.install; never copy node_modules.":
    "Instale las dependencias donde se ejecutan: `npm ci` dentro de la imagen, o target.install; no copie nunca node_modules.",
  "it cannot load a compiled package": "no puede cargar un paquete compilado",
  "no node of the swarm may run it": "ningún nodo del swarm puede ejecutarla",
  "Its constraints, its memory or processors set aside, a port of the node that is taken, or --replicas-max-per-node leave no node: the swarm waits for one, and says nothing.":
    "Sus restricciones, la memoria o los procesadores reservados, un puerto ocupado del nodo o --replicas-max-per-node no dejan ningún nodo: el swarm espera a uno, y no dice nada.",
  "Compare `docker service inspect --pretty` with `docker node ls` and the nodes' labels: bring a node back (`docker node update --availability active`), or ask for less.":
    "Compare `docker service inspect --pretty` con `docker node ls` y las etiquetas de los nodos: recupere un nodo (`docker node update --availability active`), o pida menos.",
  "no reason is given": "no se da ningún motivo",
  "the swarm finds no node for it: {}": "el swarm no le encuentra nodo: {}",
  "it runs on another Node than it asks for": "se ejecuta con otro Node que el que pide",
  "PM2 starts every process with the Node that its daemon was started with, whichever is on the PATH by now; npm only warns of engines.":
    "PM2 arranca cada proceso con el Node con el que se arrancó su daemon, sea cual sea el que está ahora en el PATH; npm solo avisa de engines.",
  "Start PM2 anew with the right one: `pm2 save && pm2 kill && pm2 resurrect`; or set exec_interpreter. Or correct engines.node.":
    "Arranque PM2 de nuevo con el correcto: `pm2 save && pm2 kill && pm2 resurrect`; o ponga exec_interpreter. O corrija engines.node.",
  "it runs on Node {}, and package.json asks for {}": "se ejecuta con Node {}, y package.json pide {}",
  "the start script may not be executed": "el script de arranque no se puede ejecutar",
  "`chmod +x` it and commit that (`git update-index --chmod=+x`), or COPY it with --chmod=0755.":
    "Póngale `chmod +x` y haga commit de ello (`git update-index --chmod=+x`), o cópielo con COPY --chmod=0755.",
  "{} is not executable": "{} no tiene permiso de ejecución",
  "It lost its execute bit, on a checkout on Windows or in a COPY, or it is a folder. The engine gives 126.":
    "Perdió su permiso de ejecución, en un checkout en Windows o en un COPY, o es una carpeta. El motor da 126.",
  "a service's main command does one thing and ends": "el comando principal de un servicio hace una sola cosa y termina",
  "A migration or a seed stands where the server should: it ends with exit code 0, is started again by its restart policy, and does its work on the production database for ever (I21).":
    "Una migración o una siembra está donde debería estar el servidor: termina con código de salida 0, su política de reinicio la arranca otra vez, y hace su trabajo sobre la base de datos de producción sin fin (I21).",
  "Give the service the server's own command; put the other under `migrate`, `seed` or `derive` in aplomo.yml, which run it once a release.":
    "Dé al servicio el comando del propio servidor; ponga el otro en `migrate`, `seed` o `derive` de aplomo.yml, que lo ejecutan una vez por versión.",
  "{}: its main command ends by nature": "{}: su comando principal termina por naturaleza",
  "the kernel ended it because its memory was used up": "el kernel lo terminó porque agotó su memoria",
  "It needed more than its limit, or the whole machine had none left. It gets SIGKILL, exit code 137, and can say nothing: its log just ends.":
    "Necesitó más que su límite, o a la máquina entera no le quedaba. Recibe SIGKILL, código de salida 137, y no puede decir nada: su registro simplemente se acaba.",
  "Raise its limit (compose: mem_limit) if the machine has room, or find what grows: compare a heap snapshot after start with one an hour later.":
    "Suba su límite (compose: mem_limit) si la máquina tiene sitio, o busque qué crece: compare una instantánea del heap tras arrancar con otra una hora después.",
  "the engine says out of memory: {}": "el motor dice que se quedó sin memoria: {}",
  "limit {}, now {}": "límite {}, ahora {}",
  "PM2 has given the process up": "PM2 ha dado el proceso por perdido",
  "It ended too often before it had run for min_uptime: PM2 calls it errored and starts it no more, also when the cause has passed.":
    "Terminó demasiadas veces antes de llevar min_uptime en marcha: PM2 lo llama errored y ya no lo arranca, tampoco cuando la causa ha pasado.",
  "Remove the cause, which the last lines tell; then `pm2 restart NAME`, or `aplomo rollback`.":
    "Quite la causa, que cuentan las últimas líneas; después `pm2 restart NAME`, o `aplomo rollback`.",
  "it ended {} and is not started any more": "terminó {} y ya no se arranca",
  "its port is taken": "su puerto está ocupado",
  "Something else listens there: the version before, which still runs outside of its supervisor, another application, or a server on the machine itself.":
    "Ahí escucha otra cosa: la versión anterior, que sigue en marcha fuera de su supervisor, otra aplicación, o un servidor de la propia máquina.",
  "Find who has it, `ss -ltnp 'sport = :PORT'`, and stop that, or take another port.":
    "Averigüe quién lo tiene, `ss -ltnp 'sport = :PORT'`, y párelo, o tome otro puerto.",
  "something else has port {}": "otra cosa tiene el puerto {}",
  "something else has its port": "otra cosa tiene su puerto",
  "Find who has it, `ss -ltnp 'sport = :{}'`, and stop that, or take another port.":
    "Averigüe quién lo tiene, `ss -ltnp 'sport = :{}'`, y párelo, o tome otro puerto.",
  "it ends and is begun again": "termina y vuelve a empezar",
  "Its supervisor starts it anew each time, so a look at the right moment finds it running.":
    "Su supervisor la arranca cada vez de nuevo, así que una mirada en el momento justo la encuentra en marcha.",
  "never started": "no arrancó nunca",
  "Its last lines say why; start it by hand with the same environment if they do not.":
    "Sus últimas líneas dicen por qué; si no, arránquela a mano con el mismo entorno.",
  "The build did not make it, or it has another name by now; a process that runs notices at its next start.":
    "La construcción no lo creó, o ahora se llama de otra manera; un proceso en marcha lo nota en su próximo arranque.",
  "Build again, or correct target.script; then deploy.": "Construya otra vez, o corrija target.script; después, despliegue.",
  "the script that is started does not exist": "el script que se arranca no existe",
  "it is stopped": "está parada",
  "Somebody stopped it, its restart policy gave up, or the machine was booted and nothing starts it then.":
    "Alguien la paró, su política de reinicio se rindió, o la máquina se reinició y nada la arranca entonces.",
  "Start it: `docker start`, `pm2 restart`; for the whole application `aplomo deploy` or `aplomo rollback`. Give it a restart policy (compose: restart: unless-stopped; PM2: pm2 save and pm2 startup).":
    "Arránquela: `docker start`, `pm2 restart`; para la aplicación entera `aplomo deploy` o `aplomo rollback`. Dele una política de reinicio (compose: restart: unless-stopped; PM2: pm2 save y pm2 startup).",
  "{} and stays down": "{} y se queda parada",
  "it ended of an error that nothing caught": "terminó por un error que nadie capturó",
  "An error in no try and a promise that nobody awaits end the program; supervisors start it again, and the line that tells why scrolls away.":
    "Un error fuera de todo try y una promesa que nadie espera terminan el programa; los supervisores lo arrancan otra vez, y la línea que dice por qué se pierde hacia arriba.",
  "Correct what the line names; `aplomo logs` shows it whole.": "Corrija lo que nombra la línea; `aplomo logs` la muestra entera.",
  "an unhandled rejection": "un rechazo sin capturar",
  "it says: {}": "dice: {}",
  "a service of the release in front has no unit": "un servicio de la versión en servicio no tiene ninguna unidad",
  "Its container or process was removed by hand, or by a clean-up that removes whatever is stopped.":
    "Su contenedor o proceso se quitó a mano, o en una limpieza que borra todo lo que está parado.",
  "`aplomo rollback` to the release before, or `aplomo deploy`: both make what is missing.":
    "`aplomo rollback` a la versión anterior, o `aplomo deploy`: los dos crean lo que falta.",
  "{} should run it, and nothing does": "{} debería ejecutarlo, y no lo hace nadie",
  "units: {}": "unidades: {}",
  "the program is built for another processor, or its script has no first line":
    "el programa está construido para otro procesador, o su script no tiene primera línea",
  "Build for the server: `docker build --platform linux/amd64` (or linux/arm64); of a script, begin it with #!/bin/sh.":
    "Construya para el servidor: `docker build --platform linux/amd64` (o linux/arm64); si es un script, empiécelo con #!/bin/sh.",
  "the kernel cannot execute it": "el kernel no puede ejecutarlo",
  "image {}": "imagen {}",
  "An image built on an ARM laptop does not run on an x86 server, and the reverse. A script without `#!` fails with the same words.":
    "Una imagen construida en un portátil ARM no funciona en un servidor x86, ni al revés. Un script sin `#!` falla con las mismas palabras.",
  "it ended": "terminó",
  "{}, and was begun anew {}": "{}, y volvió a empezar {}",
};
