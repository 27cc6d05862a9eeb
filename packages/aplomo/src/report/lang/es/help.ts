import type { Catalogue } from "../say.ts";

/** The help of commands, and the parser's own words. */
export const help: Catalogue = {
  "Usage:": "Uso:",
  "Options:": "Opciones:",
  "Arguments:": "Argumentos:",
  "Commands:": "Comandos:",
  "Examples:": "Ejemplos:",
  "Exit codes:": "Códigos de salida:",
  "display help for command": "mostrar la ayuda del comando",
  "output the version number": "mostrar el número de versión",
  "error: unknown option '{}'": "error: opción desconocida '{}'",
  "error: unknown command '{}'": "error: comando desconocido '{}'",
  "(Did you mean {}?)": "(¿Quería decir {}?)",
  "Deploys a web application to its own server and cannot lose its data.":
    "Despliega una aplicación web en su propio servidor y no puede perder sus datos.",
  "the application's aplomo.yml": "el aplomo.yml de la aplicación",
  "print events, one JSON object a line (docs/EVENTS.md)": "imprimir eventos, un objeto JSON por línea (docs/EVENTS.md)",
  "the language of what is said (default: APLOMO_LANG, else LANG)": "el idioma de lo que se dice (por defecto: APLOMO_LANG, si no LANG)",
  // Exit codes.
  "findings, or a gate failed and everything is back as it was": "hay hallazgos, o falló un control y todo está como estaba",
  "usage or configuration; nothing was touched": "uso o configuración; no se ha tocado nada",
  "it could not be undone: a person is needed, the report says what to do":
    "no se pudo deshacer: hace falta una persona, el informe dice qué hacer",
  "another operation holds the application's lock": "otra operación tiene el bloqueo de la aplicación",
  "it goes on on the server, without this command: aplomo attach": "sigue en el servidor, sin este comando: aplomo attach",
  "interrupted, and undone": "interrumpido y deshecho",
  // Commands.
  "write a first aplomo.yml from what this folder holds": "escribir un primer aplomo.yml a partir de lo que hay en esta carpeta",
  "replace an aplomo.yml that exists": "sustituir un aplomo.yml que ya existe",
  "write what is missing beside it: Dockerfile, compose, health route, workflow, runbook; replace nothing":
    "escribir además lo que falta: Dockerfile, compose, ruta de salud, flujo de CI, manual de guardia; sin sustituir nada",
  "check aplomo.yml and the environment against its contract; touch nothing":
    "comprobar aplomo.yml y el entorno frente a su contrato; sin tocar nada",
  "show that the key of the backups is at hand, with the key itself": "demostrar que se tiene la clave de las copias, con la propia clave",
  "show it with the code from the key check's file": "demostrarlo con el código del archivo de comprobación",
  "find what will fail in production: Dockerfile, compose, entrypoint, PM2, environment, code and migrations together":
    "encontrar lo que fallará en producción: Dockerfile, compose, entrypoint, PM2, entorno, código y migraciones juntos",
  "text, json, sarif, github, markdown or junit (default text)": "text, json, sarif, github, markdown o junit (por defecto text)",
  "the lowest that is shown and counts: error, warning or info (default warning)":
    "lo más bajo que se muestra y cuenta: error, warning o info (por defecto warning)",
  "only what was not there in that commit": "solo lo que no estaba en ese commit",
  "leave out what this file knows (default .aplomo-audit.json, where there is one)":
    "omitir lo que este archivo ya conoce (por defecto .aplomo-audit.json, si lo hay)",
  "write that file from what is found now": "escribir ese archivo con lo que se encuentra ahora",
  "what a rule looks for, and why": "qué busca una regla, y por qué",
  "show what can be changed as diffs, and change it; what changes behaviour is asked about":
    "mostrar como diffs lo que se puede corregir, y corregirlo; lo que cambia el comportamiento se pregunta",
  "with --fix: do not ask": "con --fix: no preguntar",
  "compare with another application, point by point, with a plan": "comparar con otra aplicación, punto por punto, con un plan",
  "build images, push them, and prove that their registry has them, by digest and platform":
    "construir imágenes, subirlas y demostrar que el registro las tiene, por digest y plataforma",
  "also what has not changed": "también lo que no ha cambiado",
  "although the application runs on this machine": "aunque la aplicación se ejecute en esta máquina",
  "print the steps that deploy would execute, and how long requests would fail":
    "imprimir los pasos que ejecutaría deploy, y cuánto fallarían las peticiones",
  "plan the migration even when its files are the same as before": "planear la migración aunque sus archivos sean los mismos",
  "plan a deploy that is not performed on a copy first": "planear un despliegue que no se ensaya antes con una copia",
  "plan a deploy of the environment alone": "planear un despliegue solo del entorno",
  "the image of a service, by its digest, as `aplomo build` prints it":
    "la imagen de un servicio, por su digest, como la imprime `aplomo build`",
  "build, push and verify first what has changed, on this machine, as `aplomo build` does":
    "construir, subir y verificar antes lo que ha cambiado, en esta máquina, como hace `aplomo build`",
  "prepare the server: the program and Node where target.host lacks them, the agent, and a look at what a deploy will need":
    "preparar el servidor: el programa y Node si faltan en target.host, el agente, y una mirada a lo que hará falta",
  "leave the agent as it is; else what is here keeps one running: systemd, PM2 or a container":
    "dejar el agente como está; si no, lo mantiene en marcha lo que haya: systemd, PM2 o un contenedor",
  "take the program and the agent away again; releases, backups and what runs stay":
    "quitar el programa y el agente; las versiones, las copias y lo que está en marcha se quedan",
  "take the application to its next release, or leave it as it was": "llevar la aplicación a su siguiente versión, o dejarla como estaba",
  "run the migration even when its files are the same as before": "ejecutar la migración aunque sus archivos sean los mismos",
  "do not perform the release on a restored copy first; the report says so":
    "no ensayar antes la versión con una copia restaurada; el informe lo dice",
  "plan to make every container anew, also of services that did not change":
    "planificar que todos los contenedores se creen de nuevo, también los de los servicios que no han cambiado",
  "make every container anew, also of services that did not change":
    "crear de nuevo todos los contenedores, también los de los servicios que no han cambiado",
  "the code of the release in front with the present environment: same images or files, all gates":
    "el código de la versión en servicio con el entorno actual: mismas imágenes o archivos, todos los controles",
  "perform the next release on a restored copy of the data; production is not touched":
    "ensayar la siguiente versión con una copia restaurada de los datos; producción no se toca",
  "return to an earlier release, with its data if asked": "volver a una versión anterior, con sus datos si se pide",
  "also put the databases back as they were when that release was last in front":
    "devolver además las bases de datos a como estaban cuando esa versión estuvo en servicio por última vez",
  "finish or undo a deployment that was interrupted or is stuck": "terminar o deshacer un despliegue interrumpido o atascado",
  "what to do with rows written since the change: keep or restore": "qué hacer con las filas escritas desde el cambio: keep o restore",
  "show again what runs on the server, or ran last, and end as it ends":
    "mostrar otra vez lo que se ejecuta en el servidor, o lo último, y terminar igual",
  "show the release in front, its units, the last backups, and what runs now":
    "mostrar la versión en servicio, sus unidades, las últimas copias y lo que está en marcha",
  "prove the release in front again: identity, health, smoke checks, invariants":
    "volver a probar la versión en servicio: identidad, salud, pruebas de humo, invariantes",
  "list deployments and how they ended": "enumerar los despliegues y cómo terminaron",
  "how many (default 20)": "cuántos (por defecto 20)",
  "print a deployment's report and checklist, with the evidence of its journal":
    "imprimir el informe y la lista de comprobación de un despliegue, con la evidencia de su diario",
  "one HTML file that needs nothing else, to send, keep and print; default: Markdown":
    "un solo archivo HTML que no necesita nada más, para enviar, guardar e imprimir; por defecto: Markdown",
  "find out why it does not run well: causes, what shows them, and the next act; touch nothing":
    "averiguar por qué no va bien: causas, qué las demuestra y el siguiente paso; sin tocar nada",
  "what a rule looks for, and what to do": "qué busca una regla, y qué hacer",
  "print the last log lines of every unit": "imprimir las últimas líneas de registro de cada unidad",
  "lines of each unit (default 50)": "líneas de cada unidad (por defecto 50)",
  "show the agent's pages in a browser of this machine, until you interrupt it; through ssh where target.host names a server":
    "mostrar las páginas del agente en un navegador de esta máquina, hasta que lo interrumpa; por ssh si target.host nombra un servidor",
  "on this port (default: any that is free)": "en este puerto (por defecto: uno libre)",
  "read, or operate: also roll back, back up and drill (default operate)":
    "read, u operate: además volver atrás, copiar y comprobar (por defecto operate)",
  "print what makes a shell complete these commands: bash, zsh or fish":
    "imprimir lo que hace que un shell complete estos comandos: bash, zsh o fish",
  "make, prove, keep, copy and restore backups": "hacer, comprobar, conservar, llevar a otro sitio y restaurar copias",
  "bring data in, completely and proven": "traer datos, completos y comprobados",
  "check, compare and replace the application's environment; no value is ever shown":
    "comprobar, comparar y sustituir el entorno de la aplicación; nunca se muestra un valor",
  "what goes on when nobody types: backups and drills on time, watching, telling":
    "lo que ocurre cuando nadie teclea: copias y comprobaciones a su hora, vigilar, avisar",
  "who is told when something is wrong": "a quién se avisa cuando algo va mal",
  "back up, prove by a restore, keep in tiers, prune, and copy elsewhere":
    "copiar, comprobar restaurando, conservar por niveles, podar y llevar a otro sitio",
  "outside of the tiers: it stays until you remove it": "fuera de los niveles: se queda hasta que la borre",
  "wait so long for another operation to end (default: do not)": "esperar tanto a que termine otra operación (por defecto: no)",
  "list backups, newest first": "enumerar las copias, la más nueva primero",
  "those that this store of backups.copy_to holds": "las que tiene este almacén de backups.copy_to",
  "explain what a backup holds, from its manifest": "explicar qué contiene una copia, por su manifiesto",
  "which one, where aplomo.yml names several": "cuál, cuando aplomo.yml nombra varias",
  "read backups to their end: checksum, decompression, rows; all of them, or one":
    "leer las copias hasta el final: suma, descompresión, filas; todas, o una",
  "the file with the key, for an encrypted backup": "el archivo con la clave, para una copia cifrada",
  "read the copies of this store back instead": "leer en su lugar las copias de este almacén",
  "restore into a scratch database, compare with what was backed up, and note the proof":
    "restaurar en una base de datos de usar y tirar, comparar con lo copiado y anotar la comprobación",
  "bring it back from this store of backups.copy_to": "traerla de este almacén de backups.copy_to",
  "on a throw-away server of the same kind, where one is at hand": "en un servidor de usar y tirar del mismo tipo, si lo hay",
  "put a database back to a backup: restored beside, counted, then swapped; the data before it is kept":
    "devolver una base de datos a una copia: restaurada al lado, contada y después intercambiada; los datos de antes se conservan",
  "into a database of its own; the live one is not touched": "en una base de datos propia; la que está en uso no se toca",
  "this table alone, into a database of its own": "solo esta tabla, en una base de datos propia",
  "put back the database that a restore replaced": "devolver la base de datos que una restauración sustituyó",
  "do not ask": "no preguntar",
  "show which backups would go and why, ask, and remove them": "mostrar qué copias se irían y por qué, preguntar y borrarlas",
  "only show": "solo mostrar",
  "make a key for encrypted backups, and print the recovery kit, once":
    "crear una clave para copias cifradas e imprimir, una sola vez, el kit de recuperación",
  "write it into a new file instead": "escribirlo en un archivo nuevo",
  "print a systemd timer and a cron line for the daily backup, or install one":
    "imprimir un temporizador de systemd y una línea de cron para la copia diaria, o instalar uno",
  "install the one that this machine has": "instalar el que tenga esta máquina",
  "remove it": "quitarlo",
  "make a dump the data: loaded beside, proven against counts, then swapped; the data before it is kept":
    "hacer de un volcado los datos: cargado al lado, comprobado con recuentos y después intercambiado; los datos de antes se conservan",
  "which database of aplomo.yml": "qué base de datos de aplomo.yml",
  "what it must hold: TABLE=ROWS, a file of such lines, a JSON object, or a backup's manifest":
    "lo que debe contener: TABLA=FILAS, un archivo con tales líneas, un objeto JSON, o el manifiesto de una copia",
  "check the environment against its contract in aplomo.yml: file, line, name, rule and what to do":
    "comprobar el entorno frente a su contrato en aplomo.yml: archivo, línea, nombre, regla y qué hacer",
  "compare the present environment with the release in front, and with what its units have":
    "comparar el entorno actual con el de la versión en servicio, y con el que tienen sus unidades",
  "put a checked file in the place of env.file, in one act and for its owner alone; the former one is kept":
    "poner un archivo comprobado en el lugar de env.file, de una vez y solo para su dueño; el anterior se conserva",
  "put the former one back; what is there now is kept in turn": "devolver el anterior; el que hay ahora se conserva a su vez",
  "stay, and look after every application that was added; one per server":
    "quedarse y cuidar de cada aplicación que se haya añadido; uno por servidor",
  "also show its pages there, to who has a token; TLS is the business of what stands in front":
    "mostrar además allí sus páginas, a quien tenga un token; TLS es cosa de lo que esté delante",
  "have the agent look after this application; again after its schedule has changed":
    "hacer que el agente cuide de esta aplicación; otra vez cuando cambie su horario",
  "have the agent leave an application alone; nothing of it is touched":
    "hacer que el agente deje en paz una aplicación; no se toca nada de ella",
  "list the applications it looks after, what ran last and what runs next":
    "enumerar las aplicaciones de las que cuida, lo último que se ejecutó y lo próximo",
  "look once at this application as the agent does, and say what is wrong":
    "mirar una vez esta aplicación como hace el agente, y decir qué va mal",
  "also count what invariants speak of, and compare units with what their release means":
    "contar además lo que dicen los invariantes, y comparar las unidades con lo que significa su versión",
  "ask watch.ping afterwards, as the agent does": "llamar después a watch.ping, como hace el agente",
  "make a token for somebody who looks at its pages at --listen; shown once":
    "crear un token para quien mire sus páginas en --listen; se muestra una vez",
  "whose it is; a new one makes the former one void": "de quién es; uno nuevo anula el anterior",
  "read, or operate: also roll back, back up and drill (default read)":
    "read, u operate: además volver atrás, copiar y comprobar (por defecto read)",
  "something starts it again when it ends: so it ends, between two jobs, when another Aplomo has come":
    "algo lo arranca de nuevo cuando termina: por eso termina, entre dos tareas, cuando ha llegado otro Aplomo",
  "print what keeps the agent running (systemd, PM2, a container), or have it kept by what is here":
    "imprimir lo que mantiene el agente en marcha (systemd, PM2, un contenedor), o dejarlo a cargo de lo que haya",
  "have it kept, and start it; `aplomo setup` does that too": "dejarlo a su cargo y arrancarlo; `aplomo setup` también lo hace",
  "tell everyone whom aplomo.yml names that this is a test, and say who took it":
    "decir a todos los que nombra aplomo.yml que esto es una prueba, y quién la recibió",
  "tell everyone a message of the agent, JSON on standard input": "decir a todos un mensaje del agente, JSON por la entrada estándar",
};
