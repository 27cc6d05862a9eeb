import type { Catalogue } from "../../say.ts";

export const edges: Catalogue = {
  "it answered {}": "respondió {}",
  "It listens on {} when it runs; `aplomo doctor` tells what is wrong.":
    "Escucha en {} cuando está en marcha; `aplomo doctor` dice qué va mal.",
  "Caddy for {}": "Caddy para {}",
  "it does not read {} as it was written": "no lee {} como se escribió",
  "It must run as the same user, and in a container with this folder at the same path.":
    "Debe ejecutarse como el mismo usuario, y en un contenedor con esta carpeta en la misma ruta.",
  "{} is too long for a socket": "{} es demasiado largo para un socket",
  "Set APLOMO_HOME to a shorter path.": "Ponga APLOMO_HOME en una ruta más corta.",
  "{}, and Caddy is given {} at most": "{}, y a Caddy se le dan como mucho {}",
  "the units": "las unidades",
  "Run {} units or fewer.": "Ejecute {} unidades o menos.",
  "See who listens on the ports {} and {}: ss -tlnp.": "Mire quién escucha en los puertos {} y {}: ss -tlnp.",
  "it did not answer within 15 s": "no respondió en 15 s",
  "Try again when its deployment has ended.": "Inténtelo de nuevo cuando su despliegue haya terminado.",
  "Caddy's sites": "los sitios de Caddy",
  "an application holds its requests": "una aplicación retiene sus peticiones",
  "Install it (caddyserver.com/docs/install), or name an image: `edge: { kind: caddy, image: caddy:2.11 }`.":
    "Instálelo (caddyserver.com/docs/install), o nombre una imagen: `edge: { kind: caddy, image: caddy:2.11 }`.",
  "Caddy does not run: {}": "Caddy no está en marcha: {}",
  "Aplomo needs {} or later, which tells when requests have ended.":
    "Aplomo necesita {} o posterior, que dice cuándo han terminado las peticiones.",
  "{} is too old": "{} es demasiado antiguo",
  "every host that no other application names": "todos los hosts que ninguna otra aplicación nombra",
  "{} answers for {} already": "{} ya responde por {}",
  "Give each application its own `edge.hosts`, or its own `edge.path`.":
    "Dé a cada aplicación su propio `edge.hosts`, o su propio `edge.path`.",
  "{} with kamal-proxy": "{} con kamal-proxy",
  "it did not end in time": "no terminó a tiempo",
  "What was in front stays in front.": "Lo que estaba delante sigue delante.",
  "kamal-proxy does not run: {}": "kamal-proxy no está en marcha: {}",
  "Name an image: `edge: { image: basecamp/kamal-proxy:v0.9.2 }`.": "Nombre una imagen: `edge: { image: basecamp/kamal-proxy:v0.9.2 }`.",
  "HTTPS needs host names": "HTTPS necesita nombres de host",
  "kamal-proxy has HTTPS on the path / alone": "kamal-proxy tiene HTTPS solo en la ruta /",
  "Leave `edge.path` out, or use Caddy.": "Quite `edge.path`, o use Caddy.",
  "{} names no process": "{} no nombra ningún proceso",
  "Start nginx, then call again.": "Arranque nginx, y repita.",
  "Run `nginx -t`, mend what it names, then call again.": "Ejecute `nginx -t`, arregle lo que nombra, y repita.",
  "its workers are the same as before": "sus workers son los mismos de antes",
  "See its error log.": "Mire su registro de errores.",
  "nginx does not run: {}": "nginx no se ejecuta: {}",
  "Install it: apt-get install nginx.": "Instálelo: apt-get install nginx.",
  "nginx's own configuration is refused: {}": "se rechaza la configuración del propio nginx: {}",
  "Run `nginx -t` as the same user and mend what it names.": "Ejecute `nginx -t` como el mismo usuario y arregle lo que nombra.",
  "nginx does not include {}": "nginx no incluye {}",
  "Add to its http block: include {};": "Añada a su bloque http: include {};",
  "nginx does not run": "nginx no está en marcha",
  "Start it: systemctl start nginx.": "Arránquelo: systemctl start nginx.",
  "nginx (process {})": "nginx (proceso {})",
  "it has no workers": "no tiene workers",
  "the edge": "el proxy",
  "See which: ss -tlnp 'sport = :{}'. When it is an nginx or a Traefik of yours, name it as the edge; else set `edge.ports`.":
    "Mire cuál: ss -tlnp 'sport = :{}'. Si es un nginx o un Traefik suyo, nómbrelo en edge; si no, ponga `edge.ports`.",
  "it listens on {} and {} for the applications that are here already, not on {} and {}":
    "escucha en {} y {} para las aplicaciones que ya están aquí, y no en {} y {}",
  "One edge serves all applications of a server: give them the same `edge.ports`.":
    "Un proxy sirve a todas las aplicaciones de un servidor: deles los mismos `edge.ports`.",
  "{} runs {}, and aplomo.yml says {}: it was left as it is, since starting another interrupts every application":
    "{} ejecuta {}, y aplomo.yml dice {}: se dejó como está, porque arrancar otro interrumpe todas las aplicaciones",
  "At a quiet hour: docker stop {}. The next deployment starts the one meant.":
    "A una hora tranquila: docker stop {}. El próximo despliegue arranca el previsto.",
  "it does not end": "no termina",
  "{} (process {})": "{} (proceso {})",
  "End it, then call again.": "Termínelo, y repita.",
  "{} is not a folder": "{} no es una carpeta",
  "Name the folder of Traefik's file provider as `edge.directory`.": "Nombre en `edge.directory` la carpeta del file provider de Traefik.",
  "nothing answers at {}": "en {} no responde nadie",
  "Start Traefik, or name its entry point as `edge.url`.": "Arranque Traefik, o nombre su punto de entrada en `edge.url`.",
  "Traefik does not route by {} after 15 s": "Traefik no enruta por {} después de 15 s",
  "Its file provider must watch that folder (`providers.file.directory`, `watch: true`), and `edge.entrypoints` must be its own names.":
    "Su file provider debe vigilar esa carpeta (`providers.file.directory`, `watch: true`), y `edge.entrypoints` deben ser sus propios nombres.",
  "no unit": "ninguna unidad",
  "there is none": "no hay ninguna",
  "it answered {} to {}": "respondió {} a {}",
  "What was in front stays in front. See the unit's log: it may have ended, or listen on another port.":
    "Lo que estaba delante sigue delante. Mire el registro de la unidad: puede que haya terminado, o que escuche en otro puerto.",
};
