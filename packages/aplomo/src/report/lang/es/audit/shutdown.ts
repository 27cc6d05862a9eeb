import type { Catalogue } from "../../say.ts";

export const shutdown: Catalogue = {
  "the shutdown waits without a limit": "la parada espera sin límite",
  "server.close() waits for every open connection; one that stays open (keep-alive, a WebSocket) keeps the process until it is killed, and what should run after it never does; the kill comes anyhow, hence a warning":
    "server.close() espera a todas las conexiones abiertas; una que siga abierta (keep-alive, un WebSocket) retiene el proceso hasta que lo matan, y lo que debía ejecutarse después no se ejecuta nunca; lo matan de todos modos, por eso es un aviso",
  "server.close() has no limit: one open connection keeps the process until it is killed":
    "server.close() no tiene límite: una conexión abierta retiene el proceso hasta que lo matan",
  "add setTimeout(() => process.exit(1), 8000).unref(), with less than stop_grace_period and kill_timeout":
    "añada setTimeout(() => process.exit(1), 8000).unref(), con menos que stop_grace_period y kill_timeout",
  "the shell stays the main process": "el shell se queda como proceso principal",
  "SIGTERM goes to the script's shell, which waits for the application and does not pass it on: after ten seconds everything is killed with its requests; it works until the container is stopped, hence a warning":
    "SIGTERM le llega al shell del script, que espera a la aplicación y no se lo pasa: a los diez segundos se mata todo, con sus peticiones; funciona hasta que se para el contenedor, por eso es un aviso",
  "`{}` is started without exec: the shell stays in front, and SIGTERM ends there":
    "`{}` se arranca sin exec: el shell se queda delante, y SIGTERM no pasa de ahí",
  "write exec {}": "escriba exec {}",
  "let {} take the shell's place": "dejar que {} ocupe el lugar del shell",
  "after an uncaught exception the process goes on": "tras una excepción no capturada el proceso sigue adelante",
  "this handler writes the error down and lets the process go on": "este manejador anota el error y deja seguir al proceso",
  "end in-progress requests with a short limit and process.exit(1): the supervisor starts a clean one (graceful() of @aplomo/runtime does both)":
    "termine las peticiones en curso con un límite corto y process.exit(1): el supervisor arranca uno limpio (graceful() de @aplomo/runtime hace ambas cosas)",
  "what threw may have left connections, locks and data half changed; the process answers wrongly from then on and no supervisor replaces it; it may also go well, hence a warning":
    "lo que lanzó la excepción puede haber dejado conexiones, bloqueos y datos a medio cambiar; el proceso responde mal desde entonces y ningún supervisor lo sustituye; también puede ir bien, por eso es un aviso",
  "a shell stands between Docker and the application": "hay un shell entre Docker y la aplicación",
  "Docker sends SIGTERM to the shell; most shells do not pass it on, so the application is killed after ten seconds with its requests; some shells step aside by themselves, hence a warning":
    "Docker envía SIGTERM al shell; la mayoría no lo pasa, así que a los diez segundos se mata la aplicación con sus peticiones; algunos se apartan solos, por eso es un aviso",
  "the application": "la aplicación",
  "{} in shell form: a shell is the main process, and SIGTERM may never reach {}":
    "{} en forma de shell: un shell es el proceso principal, y puede que SIGTERM no llegue nunca a {}",
  "write {} {}": "escriba {} {}",
  'put exec before the last command, or move the rest into an entrypoint script that ends with exec "$@"':
    'ponga exec delante del último comando, o lleve el resto a un script de entrypoint que acabe con exec "$@"',
  "write {} as a list, so that no shell is between": "escribir {} como lista, para que no haya ningún shell en medio",
  "let the last command take the shell's place": "dejar que el último comando ocupe el lugar del shell",
  "Next.js leaves signals to a handler that is not there": "Next.js deja las señales a un manejador que no existe",
  "with NEXT_MANUAL_SIG_HANDLE Next.js does nothing on SIGTERM; without a handler of yours the container is killed after ten seconds with its requests":
    "con NEXT_MANUAL_SIG_HANDLE Next.js no hace nada con SIGTERM; sin un manejador propio, a los diez segundos se mata el contenedor con sus peticiones",
  "Next.js is told to leave signals alone, and nothing here handles SIGTERM":
    "a Next.js se le dice que no toque las señales, y aquí nada maneja SIGTERM",
  "remove NEXT_MANUAL_SIG_HANDLE, or handle SIGTERM in instrumentation.ts":
    "quite NEXT_MANUAL_SIG_HANDLE, o maneje SIGTERM en instrumentation.ts",
  "nobody answers SIGTERM": "nadie responde a SIGTERM",
  "a Node server without a handler ends at once, and every request in progress with it: a few visitors see an error at each deploy; as the main process of a container it is not even told to, and is killed after ten seconds; short, hence info":
    "un servidor de Node sin manejador termina en el acto, y con él cada petición en curso: unos pocos visitantes ven un error en cada despliegue; como proceso principal de un contenedor ni siquiera se entera, y lo matan a los diez segundos; es breve, por eso es información",
  "this tree": "este árbol",
  "nothing in {} handles SIGTERM: requests in progress are cut off at every deploy":
    "en {} nada maneja SIGTERM: las peticiones en curso se cortan en cada despliegue",
  "on SIGTERM answer what is in progress, close, and end after 8 s at the latest (graceful() of @aplomo/runtime does it)":
    "con SIGTERM responda lo que está en curso, cierre y termine a los 8 s como tarde (graceful() de @aplomo/runtime lo hace)",
  "a package manager is the main process": "un gestor de paquetes es el proceso principal",
  "npm, yarn and pnpm start the application through a shell: signals arrive late, twice or not at all, exit codes are theirs, and they take memory for nothing; it works until the container is stopped, hence a warning":
    "npm, yarn y pnpm arrancan la aplicación a través de un shell: las señales llegan tarde, dos veces o nunca, los códigos de salida son los suyos, y ocupan memoria para nada; funciona hasta que se para el contenedor, por eso es un aviso",
  "{} is the main process of {}, and the application its grandchild": "{} es el proceso principal de {}, y la aplicación su nieta",
  '{}, such as ["node", "server.js"]': '{}, por ejemplo ["node", "server.js"]',
  "start the program itself": "arranque el propio programa",
  "the application is killed before it has finished": "matan la aplicación antes de que haya terminado",
  "who is told to end and takes longer than whoever told him waits, is killed: requests in progress are lost at every deploy, and the clean-up that was written never runs":
    "a quien se le manda terminar y tarda más de lo que espera quien se lo mandó, lo matan: se pierden peticiones en curso en cada despliegue, y la limpieza que se escribió nunca se ejecuta",
  "I14: an application gave itself 10 s to finish, and PM2 killed it after 5":
    "I14: una aplicación se daba 10 s para terminar, y PM2 la mataba a los 5",
  "{} is {}, and {} is the same: {}": "{} es {}, y {} es lo mismo: {}",
  "{} is {}, and {} ends it before: {}": "{} es {}, y {} la mata antes: {}",
  "give {} at least {}, or shorten {}: each must be shorter than the next":
    "dé a {} al menos {}, o acorte {}: cada uno debe ser más corto que el siguiente",
  "{}, the default": "{}, por defecto",
};
