import type { Catalogue } from "../../say.ts";

export const start: Catalogue = {
  "the application starts before its database is ready": "la aplicación arranca antes de que su base de datos esté lista",
  "without a condition compose waits until the database's container runs, not until it answers: after a reboot the application finds nobody there and ends, or comes up broken; one that waits by itself is fine, hence a warning":
    "sin condición, compose espera a que el contenedor de la base de datos esté en marcha, no a que responda: tras un reinicio la aplicación no encuentra a nadie y termina, o arranca estropeada; una que espera por sí misma está bien, por eso es un aviso",
  "I19: an application started before its database accepted connections, and stayed broken":
    "I19: una aplicación arrancó antes de que su base de datos aceptara conexiones, y se quedó estropeada",
  "{} waits until {} is healthy, and {} has no health check: it is never started":
    "{} espera a que {} esté sano, y {} no tiene comprobación de salud: no arranca nunca",
  "add a healthcheck to {}": "añada un healthcheck a {}",
  "{} starts as soon as the container of {} does, not when {} answers":
    "{} arranca en cuanto lo hace el contenedor de {}, no cuando {} responde",
  "{}, and give {} a healthcheck": "{}, y dé a {} un healthcheck",
  "write {}: { condition: service_healthy }": "escriba {}: { condition: service_healthy }",
  "wait until {} is healthy": "esperar a que {} esté sano",
  "the application starts although its migration failed": "la aplicación arranca aunque su migración haya fallado",
  "I17: a migration failed, the entrypoint went on, and new code ran on the old schema":
    "I17: una migración falló, el entrypoint siguió adelante y el código nuevo se ejecutó con el esquema viejo",
  "when `{}` fails, the script goes on": "cuando `{}` falla, el script sigue adelante",
  "write set -e in the script's second line": "escriba set -e en la segunda línea del script",
  "join the commands with && instead of ;": "una los comandos con && en lugar de ;",
  "without `set -e` a shell goes on after a failed command: new code serves requests on the old schema, and its errors are those of a missing column, not of the migration":
    "sin `set -e` un shell sigue adelante tras un comando que falla: el código nuevo atiende peticiones con el esquema viejo, y sus errores son los de una columna que falta, no los de la migración",
  "stop at the first command that fails": "parar en el primer comando que falle",
  "importing a module ends the process": "importar un módulo termina el proceso",
  "a script that calls process.exit() when it is done ends whatever imports it: the server comes up, says Ready, and ends with exit code 0, again and again":
    "un script que llama a process.exit() al acabar termina a quien lo importe: el servidor arranca, dice Ready y termina con código de salida 0, una y otra vez",
  "I4: a server's bundle held a script that ended with process.exit(0): it looped between Ready and Complete":
    "I4: el bundle de un servidor contenía un script que acababa con process.exit(0): daba vueltas entre Ready y Complete",
  "{} imports this module, and importing it runs to process.exit()": "{} importa este módulo, e importarlo llega hasta process.exit()",
  "guard it: run only when the file itself was started (import.meta.url, require.main === module), or move what is shared into a module of its own":
    "protéjalo: que se ejecute solo cuando se arrancó el propio archivo (import.meta.url, require.main === module), o lleve lo compartido a un módulo propio",
  "imports it": "lo importa",
  "the script ends when grep finds nothing": "el script termina cuando grep no encuentra nada",
  "I9: a git hook's `grep -v` had no input, and every commit was refused without a message":
    "I9: el `grep -v` de un hook de git no tenía entrada, y se rechazaba cada commit sin ningún mensaje",
  "the assignment": "la asignación",
  "when {} finds nothing, {}=$(...) fails, and `set -e` ends the script here, silently":
    "cuando {} no encuentra nada, {}=$(...) falla, y `set -e` termina aquí el script, en silencio",
  "write || true behind it, inside the brackets": "escriba || true detrás, dentro de los paréntesis",
  "go on when nothing is found": "seguir cuando no se encuentra nada",
  "grep ends with 1 when no line matches, also `grep -c` and `grep -v`; under `set -e` an assignment from it ends the script without a word; only on the day when nothing matches, hence a warning":
    "grep termina con 1 cuando ninguna línea coincide, también `grep -c` y `grep -v`; con `set -e` una asignación así termina el script sin decir nada; solo el día en que nada coincide, por eso es un aviso",
  "a git hook that never runs": "un hook de git que nunca se ejecuta",
  "hooks in a folder of the repository do nothing until git is told of it, and one that may not be executed is passed over in silence: a gate everybody believes in is open; nothing breaks by it, hence a warning":
    "los hooks de una carpeta del repositorio no hacen nada hasta que se le dice a git, y uno sin permiso de ejecución se ignora en silencio: está abierto un control en el que todos confían; por sí solo no rompe nada, por eso es un aviso",
  "nothing tells git of {}: its hooks never run": "nada le habla a git de {}: sus hooks nunca se ejecutan",
  'add "prepare": "husky" to the scripts of package.json': 'añada "prepare": "husky" a los scripts de package.json',
  'add "prepare": "git config core.hooksPath {}" to the scripts of package.json':
    'añada "prepare": "git config core.hooksPath {}" a los scripts de package.json',
  "{} may not be executed: git passes it over": "{} no tiene permiso de ejecución: git lo ignora",
  "the only gate is on each developer's machine": "el único control está en la máquina de cada desarrollador",
  "`git commit --no-verify`, a merge in the browser or a fresh clone goes past a hook; what must hold has to be checked where nobody can skip it; the hook still helps, hence info":
    "`git commit --no-verify`, un merge en el navegador o un clon recién hecho se saltan un hook; lo que debe cumplirse hay que comprobarlo donde nadie pueda saltárselo; el hook sigue ayudando, por eso es información",
  "what this hook checks is checked nowhere else": "lo que comprueba este hook no se comprueba en ningún otro sitio",
  "run the same command in a CI workflow for every pull request": "ejecute el mismo comando en un flujo de CI para cada pull request",
  "the container installs or builds when it starts": "el contenedor instala o construye al arrancar",
  "a start then needs the registry, memory and minutes, and what runs is not what was tested: a restart in the night may bring another version, or none; it works while all goes well, hence a warning":
    "arrancar necesita entonces el registro, memoria y minutos, y lo que se ejecuta no es lo que se probó: un reinicio de madrugada puede traer otra versión, o ninguna; funciona mientras todo vaya bien, por eso es un aviso",
  "`{}` runs at every start of {}": "`{}` se ejecuta en cada arranque de {}",
  "do it in a RUN of the Dockerfile, so that the image is complete": "hágalo en un RUN del Dockerfile, para que la imagen esté completa",
  "work that ends is run as a service": "un trabajo que termina se ejecuta como servicio",
  "a migration or seed comes to its end and exits with 0; a restart policy then runs it again, for ever, on the production database":
    "una migración o siembra llega a su fin y sale con 0; una política de reinicio la ejecuta entonces otra vez, sin fin, sobre la base de datos de producción",
  "I21: a one-shot command was a service's main command, and ran every few seconds for a night":
    "I21: un comando de un solo uso era el comando principal de un servicio, y se ejecutó cada pocos segundos durante una noche",
  "{}, and restart: {} starts it again for ever": "{}, y restart: {} lo arranca otra vez sin fin",
  "{}, and publishes a port where nobody answers": "{}, y publica un puerto en el que nadie responde",
  "{} runs `{}`, which ends": "{} ejecuta `{}`, que termina",
  'write restart: "no", and let others wait for it with condition: service_completed_successfully':
    'escriba restart: "no", y que los demás lo esperen con condition: service_completed_successfully',
  "the command that ends": "el comando que termina",
  "start the application here, and migrate in a service of its own or with `migrate:` in aplomo.yml":
    "arranque aquí la aplicación, y migre en un servicio propio o con `migrate:` en aplomo.yml",
  "a reload in fork mode is a restart": "una recarga en modo fork es un reinicio",
  "process manager": "gestor de procesos",
  "{} want the same port: all but one end with EADDRINUSE": "{} quieren el mismo puerto: todas menos una terminan con EADDRINUSE",
  "{} are restarted all at once": "{} se reinician todas a la vez",
  "{}: {} instances in fork mode": "{}: {} instancias en modo fork",
  "write exec_mode: 'cluster', or instances: 1": "escriba exec_mode: 'cluster', o instances: 1",
  "only a cluster of two or more is replaced one by one; in fork mode each `pm2 reload` costs 200 to 300 ms in which connections are refused; known and short, hence info; several instances in fork mode fight for one port, which is an error":
    "solo un cluster de dos o más se sustituye uno a uno; en modo fork cada `pm2 reload` cuesta de 200 a 300 ms en los que se rechazan conexiones; es conocido y breve, por eso es información; varias instancias en modo fork se pelean por un puerto, y eso es un error",
  "a leak takes all memory of the server": "una fuga se lleva toda la memoria del servidor",
  "without max_memory_restart a process grows until the kernel ends one, often the database; only when something leaks, hence info":
    "sin max_memory_restart un proceso crece hasta que el kernel mata uno, a menudo la base de datos; solo cuando algo tiene fugas, por eso es información",
  "{} has no max_memory_restart": "{} no tiene max_memory_restart",
  "add max_memory_restart: '300M', or what it needs at its busiest and a half more":
    "añada max_memory_restart: '300M', o lo que necesite en su peor momento y la mitad más",
  "PM2 watches npm instead of the application": "PM2 vigila npm en lugar de la aplicación",
  "PM2 then measures npm's memory, sends signals to npm, cannot run a cluster, and may leave the application behind when it stops; it runs, hence a warning":
    "PM2 mide entonces la memoria de npm, envía las señales a npm, no puede hacer un cluster y puede dejar atrás la aplicación al parar; funciona, por eso es un aviso",
  "{}: PM2 starts {}, and the application is its grandchild": "{}: PM2 arranca {}, y la aplicación es su nieta",
  "write script: 'node_modules/next/dist/bin/next', args: 'start'": "escriba script: 'node_modules/next/dist/bin/next', args: 'start'",
  "write the program itself: script: 'server.js'": "escriba el propio programa: script: 'server.js'",
  "PM2 waits for a word that is never said": "PM2 espera una palabra que nadie dice",
  "with wait_ready PM2 waits for process.send('ready'); without it every start and reload takes the whole listen_timeout, and an application that is broken counts as online after it":
    "con wait_ready PM2 espera process.send('ready'); sin él, cada arranque y cada recarga agotan listen_timeout entero, y una aplicación estropeada cuenta después como online",
  "{} waits for process.send('ready'), and nothing in {} sends it": "{} espera process.send('ready'), y nada en {} lo envía",
  "remove wait_ready: `next start` never says it": "quite wait_ready: `next start` nunca lo dice",
  "call process.send?.('ready') when it listens and its database answers, or remove wait_ready":
    "llame a process.send?.('ready') cuando escuche y su base de datos responda, o quite wait_ready",
  "a secret stands in the PM2 file": "hay un secreto en el archivo de PM2",
  "everybody with the code has it, and `pm2 save` writes it into a file in the home folder once more; it needs access to either, hence a warning":
    "lo tiene cualquiera que tenga el código, y `pm2 save` lo escribe una vez más en un archivo de la carpeta personal; hace falta acceso a uno de los dos, por eso es un aviso",
  "take it out: the application reads it from an env file of the server (env_file, or dotenv)":
    "sáquelo: la aplicación lo lee de un archivo de entorno del servidor (env_file, o dotenv)",
  "a script has Windows line ends": "un script tiene finales de línea de Windows",
  "the kernel looks for a program named `sh\\r`: the container ends at once with `no such file or directory`, although the file is there":
    "el kernel busca un programa llamado `sh\\r`: el contenedor termina en el acto con `no such file or directory`, aunque el archivo está ahí",
  "its first line ends with a carriage return, which becomes part of the shell's name":
    "su primera línea acaba en un retorno de carro, que pasa a formar parte del nombre del shell",
  "save it with Unix line ends, and write `*.sh text eol=lf` into .gitattributes":
    "guárdelo con finales de línea de Unix, y escriba `*.sh text eol=lf` en .gitattributes",
  "write Unix line ends": "escribir finales de línea de Unix",
  "a second process nobody watches": "un segundo proceso que nadie vigila",
  "what is started with & and dies stays dead while the container counts as running, and it gets no SIGTERM when it stops; nothing fails at once, hence a warning":
    "lo que se arranca con & y muere sigue muerto mientras el contenedor cuenta como en marcha, y no recibe SIGTERM al parar; nada falla en el acto, por eso es un aviso",
  "write #!/bin/bash, or one process a container": "escriba #!/bin/bash, o un proceso por contenedor",
  "`{} &` runs beside the main process, and nobody notices when it ends":
    "`{} &` se ejecuta junto al proceso principal, y nadie nota cuándo termina",
  "make it a service of its own in compose: same image, another command":
    "hágalo un servicio propio en compose: misma imagen, otro comando",
  "`wait -n` is not known to sh here (dash): the script ends with an error at once":
    "este sh (dash) no conoce `wait -n`: el script termina en el acto con un error",
  "pm2 start ends at once in a container": "pm2 start termina en el acto en un contenedor",
  "`pm2 start` puts a daemon into the background and returns: the container's main process has ended, so Docker stops the container, or restarts it for ever":
    "`pm2 start` deja un daemon en segundo plano y vuelve: el proceso principal del contenedor ha terminado, así que Docker para el contenedor, o lo reinicia sin fin",
  "write pm2-runtime instead of pm2: it stays in front and passes signals on":
    "escriba pm2-runtime en lugar de pm2: se queda delante y pasa las señales",
  "pm2 runs in the background, and something else keeps the container alive: a crash and SIGTERM go unnoticed":
    "pm2 se ejecuta en segundo plano, y otra cosa mantiene vivo el contenedor: una caída y SIGTERM pasan inadvertidos",
  "`pm2 {}` puts the application into the background and ends, and the container with it":
    "`pm2 {}` deja la aplicación en segundo plano y termina, y con él el contenedor",
  "wait-for-it starts the application all the same": "wait-for-it arranca la aplicación de todos modos",
  "without --strict wait-for-it runs the command also when the time is over (15 s by default) and nobody answered; the application then fails by itself, hence a warning":
    "sin --strict wait-for-it ejecuta el comando también cuando se acabó el tiempo (15 s por defecto) y nadie respondió; la aplicación falla después por sí misma, por eso es un aviso",
  "when nobody answers in time, the application is started all the same":
    "cuando nadie responde a tiempo, la aplicación arranca de todos modos",
  "add --strict before --": "añada --strict antes de --",
  "a wait that never gives up": "una espera que no se rinde nunca",
  "when the database never comes, or the password is wrong, the container waits in silence for ever and counts as running; nothing is lost, hence info; repeating a migration that failed for a reason is a warning":
    "cuando la base de datos no llega nunca, o la contraseña está mal, el contenedor espera en silencio para siempre y cuenta como en marcha; no se pierde nada, por eso es información; repetir una migración que falló por un motivo es un aviso",
  "a migration that fails is repeated for ever, although most failures stay the same":
    "una migración que falla se repite sin fin, aunque la mayoría de los fallos no cambian",
  "this loop has no end: when what it waits for never comes, nobody hears of it":
    "este bucle no tiene fin: cuando no llega lo que espera, nadie se entera",
  "run it once and let the container stop; wait for the database before it, with a limit":
    "ejecútela una vez y deje que el contenedor se pare; espere antes a la base de datos, con un límite",
  "count the tries and exit 1 after a minute, or let compose wait: depends_on with condition: service_healthy":
    "cuente los intentos y salga con exit 1 tras un minuto, o deje esperar a compose: depends_on con condition: service_healthy",
  "start the program itself: {}": "arranque el propio programa: {}",
  "start the program itself, such as {}": "arranque el propio programa, por ejemplo {}",
};
