import type { Catalogue } from "../../say.ts";

export const health: Catalogue = {
  "the health route is well while the database is gone": "la ruta de salud está bien mientras la base de datos no está",
  "an answer that is always 200 says that the process runs, which its supervisor knows; a deploy with a wrong password counts as healthy; as a mere sign of life it may be meant so, hence info":
    "una respuesta que siempre es 200 dice que el proceso está en marcha, cosa que su supervisor ya sabe; un despliegue con una contraseña equivocada cuenta como sano; puede que solo se quiera como señal de vida, por eso es información",
  "this route answers without asking the database ({})": "esta ruta responde sin preguntar a la base de datos ({})",
  "ask it a question with a limit of a second (SELECT 1), and answer 503 with the reason when it fails; health() of @aplomo/runtime does it":
    "hágale una pregunta con un límite de un segundo (SELECT 1) y responda 503 con el motivo cuando falle; health() de @aplomo/runtime lo hace",
  "the health route hangs with its database": "la ruta de salud se cuelga con su base de datos",
  "a database that does not answer keeps the route waiting, each probe takes another connection of the pool, and the probe learns nothing but its own time-out; a probe's time-out still says unhealthy, hence info; checks one after the other that together outlast the probe are a warning":
    "una base de datos que no responde deja la ruta esperando, cada sondeo ocupa otra conexión del pool y no averigua más que su propio tiempo agotado; ese tiempo agotado sigue diciendo que no está sana, por eso es información; comprobaciones una tras otra que juntas duran más que el sondeo son un aviso",
  "{} checks, one after the other and none with a limit": "{} comprobaciones, una tras otra y ninguna con límite",
  "the check has no limit of its own": "la comprobación no tiene límite propio",
  "run checks side by side, each with a limit of a second: Promise.race, AbortSignal.timeout, or health() of @aplomo/runtime":
    "haga las comprobaciones en paralelo, cada una con un límite de un segundo: Promise.race, AbortSignal.timeout, o health() de @aplomo/runtime",
  "the health check asks another port than the application listens on":
    "la comprobación de salud pregunta en un puerto distinto del que escucha la aplicación",
  "the check fails although the application is well: dependent services never start, and whatever acts on health replaces good containers":
    "la comprobación falla aunque la aplicación esté bien: los servicios que dependen de ella no arrancan nunca, y lo que actúa según la salud sustituye contenedores buenos",
  "the check asks port {}, and PORT is {}": "la comprobación pregunta en el puerto {}, y PORT es {}",
  "ask the port the application is given; in shell form ${PORT} does so by itself":
    "pregunte en el puerto que se le da a la aplicación; en forma de shell, ${PORT} lo hace solo",
  "the health check asks for the front page": "la comprobación de salud pide la página principal",
  "a front page answers while the database is gone, and costs a whole page each time; it still notices a process that hangs, hence info":
    "una página principal responde aunque la base de datos no esté, y cuesta cada vez una página entera; aun así nota un proceso colgado, por eso es información",
  "the check asks for /": "la comprobación pide /",
  "ask a route that looks at what the application depends on: /healthz":
    "pida una ruta que mire aquello de lo que depende la aplicación: /healthz",
  "the health check's script is in another folder": "el script de la comprobación de salud está en otra carpeta",
  "a relative path is looked for in the last WORKDIR, and COPY went by the one before it: every check fails, and the container is unhealthy although the application works":
    "una ruta relativa se busca en el último WORKDIR, y COPY fue según el anterior: todas las comprobaciones fallan, y el contenedor no está sano aunque la aplicación funcione",
  "{} is looked for as {}, and COPY brings it to {}": "{} se busca como {}, y COPY lo lleva a {}",
  "write {}, or copy it after the last WORKDIR": "escriba {}, o cópielo después del último WORKDIR",
  "where it is copied to": "adonde se copia",
  "the health check is content with an error page": "la comprobación de salud se conforma con una página de error",
  "curl without -f ends with 0 for a 500 or 404 as well: the container counts as healthy as long as anything answers; a process that is gone is still noticed, hence a warning":
    "curl sin -f termina con 0 también con un 500 o un 404: el contenedor cuenta como sano mientras responda cualquier cosa; que el proceso ya no esté sí se nota, por eso es un aviso",
  "curl without -f: a 500 counts as healthy": "curl sin -f: un 500 cuenta como sano",
  "add -f (and -sS, so that only errors are printed)": "añada -f (y -sS, para que solo se impriman los errores)",
  "let curl fail for an error status": "que curl falle con un estado de error",
  "the health check's program is not in the image": "el programa de la comprobación de salud no está en la imagen",
  "the check fails every time, and the container is unhealthy although the application works":
    "la comprobación falla siempre, y el contenedor no está sano aunque la aplicación funcione",
  "{} has no {}": "{} no tiene {}",
  "python -c with urllib": "python -c con urllib",
  "wget, where the image is Alpine": "wget, si la imagen es Alpine",
  "the program itself": "el propio programa",
  "ask with what is there ({}), or install {} in the image": "pregunte con lo que hay ({}), o instale {} en la imagen",
  "the image": "la imagen",
  "the health check asks for a variable that nobody puts in": "la comprobación de salud pide una variable que nadie pone",
  "a health check in list form is run without a shell: `$PORT` stays as it is, the request fails, and the container is unhealthy for ever":
    "una comprobación de salud en forma de lista se ejecuta sin shell: `$PORT` se queda tal cual, la petición falla y el contenedor no está sano nunca",
  "from its .env": "de su .env",
  "from the shell that runs compose, where it is not set": "del shell que ejecuta compose, donde no está definida",
  "{}; both are the same as it is": "{}; tal como está, las dos son iguales",
  "compose puts {} in before the container is there, {}: the service's own {} is never asked":
    "compose pone {} antes de que exista el contenedor, {}: nunca se consulta la {} del propio servicio",
  "write $${} in a CMD-SHELL test, so that the container's shell puts it in":
    "escriba $${} en una comprobación CMD-SHELL, para que la ponga el shell del contenedor",
  "the image does not set {}: the check works only where somebody else does":
    "la imagen no define {}: la comprobación solo funciona donde otro la defina",
  "write ${{}:-3000} with the port the application takes without it, or ENV {}=":
    "escriba ${{}:-3000} con el puerto que la aplicación toma sin ella, o ENV {}=",
  "the variable": "la variable",
  "no shell reads this list, so {} reaches the program as these letters":
    "ningún shell lee esta lista, así que {} llega al programa con esas mismas letras",
  "write the test as CMD-SHELL, or with the value itself": "escriba la comprobación como CMD-SHELL, o con el propio valor",
  "write HEALTHCHECK CMD without the list, so that a shell puts the variable in":
    "escriba HEALTHCHECK CMD sin la lista, para que un shell ponga la variable",
  "nothing asks whether the container works": "nadie pregunta si el contenedor funciona",
  "a process that hangs counts as running; who starts the image without compose gets no other check; an orchestrator may bring its own, hence info":
    "un proceso colgado cuenta como en marcha; quien arranca la imagen sin compose no tiene otra comprobación; un orquestador puede traer la suya, por eso es información",
  "add HEALTHCHECK CMD with a program that is in the image and asks the health route, or a healthcheck in compose":
    "añada HEALTHCHECK CMD con un programa que esté en la imagen y pida la ruta de salud, o un healthcheck en compose",
  "the image listens on a port, and has no HEALTHCHECK": "la imagen escucha en un puerto, y no tiene HEALTHCHECK",
  "pg_isready asks a server that is only preparing": "pg_isready pregunta a un servidor que solo se está preparando",
  "pg_isready without -h asks the socket, where a server that only prepares the database answers too":
    "pg_isready sin -h pregunta en el socket, donde también responde un servidor que solo está preparando la base de datos",
  "add -h 127.0.0.1 (and -U and -d, so that the log stays clean)": "añada -h 127.0.0.1 (y -U y -d, para que el registro quede limpio)",
  "while the image prepares a new database, a first server answers on the socket alone and then ends: what waited for it starts and loses its connection; only at the very first start, hence info":
    "mientras la imagen prepara una base de datos nueva, un primer servidor responde solo en el socket y después termina: lo que lo esperaba arranca y pierde su conexión; solo en el primer arranque de todos, por eso es información",
  "nobody asks whether the service works": "nadie pregunta si el servicio funciona",
  "the health check of {} is switched off": "la comprobación de salud de {} está apagada",
  "remove `disable`, and correct the check instead": "quite `disable`, y corrija en su lugar la comprobación",
  "{} has no health check here; its image may bring one": "{} no tiene aquí comprobación de salud; puede que la traiga su imagen",
  "add a healthcheck that asks the health route": "añada un healthcheck que pida la ruta de salud",
  "[CMD, healthcheck.sh, --connect, --innodb_initialized] (MariaDB), or mysqladmin ping -h 127.0.0.1":
    "[CMD, healthcheck.sh, --connect, --innodb_initialized] (MariaDB), o mysqladmin ping -h 127.0.0.1",
  "{}, and others wait for it": "{}, y otros lo esperan",
  "{} has no health check": "{} no tiene comprobación de salud",
  "a program of the image that asks the health route": "un programa de la imagen que pida la ruta de salud",
  "add healthcheck: test: {}": "añada healthcheck: test: {}",
  "a process that hangs counts as running, what depends on the service starts too early, and a deploy cannot tell a good release from a bad one; nothing fails by it alone, hence a warning":
    "un proceso colgado cuenta como en marcha, lo que depende del servicio arranca demasiado pronto, y un despliegue no distingue una versión buena de una mala; por sí solo no hace fallar nada, por eso es un aviso",
};
