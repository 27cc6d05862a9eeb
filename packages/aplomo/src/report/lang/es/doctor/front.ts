import type { Catalogue } from "../../say.ts";

export const front: Catalogue = {
  "what stands in front gets no good answer": "el proxy no recibe ninguna respuesta buena",
  "502: nobody listens where it asks. 503: it knows of nobody who could answer. 504: the answer takes longer than it waits (I16).":
    "502: nadie escucha donde pregunta. 503: no sabe de nadie que pueda responder. 504: la respuesta tarda más de lo que espera (I16).",
  "Ask the unit directly, from this machine: if it answers, correct where the proxy points; if it does not, see its log.":
    "Pregunte a la unidad directamente, desde esta máquina: si responde, corrija adónde apunta el proxy; si no, mire su registro.",
  "{} answers when asked directly: what stands in front points elsewhere, or waits too short":
    "{} responde cuando se le pregunta directamente: el proxy apunta a otro sitio, o espera demasiado poco",
  "no unit can be asked directly to compare": "no se puede preguntar directamente a ninguna unidad para comparar",
  "the certificate has run out, soon will, or is not trusted": "el certificado ha caducado, caducará pronto o no es de confianza",
  "Renewal fails in silence: the name leads elsewhere, port 80 is closed, or the job that renews was never installed on this machine.":
    "La renovación falla en silencio: el nombre lleva a otro sitio, el puerto 80 está cerrado, o la tarea que renueva nunca se instaló en esta máquina.",
  "Renew it: `certbot renew`, or see the edge's log for why it could not. Port 80 must be reachable from outside.":
    "Renuévelo: `certbot renew`, o mire en el registro del proxy por qué no pudo. Al puerto 80 hay que poder llegar desde fuera.",
  "its certificate is not trusted: {}": "su certificado no es de confianza: {}",
  "the edge does not run, or cannot be used": "el proxy no está en marcha, o no se puede usar",
  "Nothing takes the requests: it was stopped, its port was taken by another program, or its own configuration is refused.":
    "Nadie recibe las peticiones: se paró, otro programa tomó su puerto, o se rechaza su propia configuración.",
  "it does not run": "no está en marcha",
  "`aplomo deploy` starts an edge that Aplomo runs; start nginx or Traefik as you usually do.":
    "`aplomo deploy` arranca un proxy que ejecuta Aplomo; arranque nginx o Traefik como lo haga habitualmente.",
  "the edge points at something else than the release in front": "el proxy apunta a algo que no es la versión en servicio",
  "Somebody changed it by hand, or units were started anew and have other addresses now: requests get 502, or the old release.":
    "Alguien lo cambió a mano, o las unidades arrancaron de nuevo y ahora tienen otras direcciones: las peticiones reciben 502, o la versión anterior.",
  "`aplomo deploy` or `aplomo rollback`: both begin by pointing it at what is meant.":
    "`aplomo deploy` o `aplomo rollback`: los dos empiezan por apuntarlo adonde debe.",
  "it sends requests elsewhere": "envía las peticiones a otro sitio",
  "it points at {}": "apunta a {}",
  "the release in front is at {}": "la versión en servicio está en {}",
  "requests are held, and no deployment runs": "las peticiones están retenidas, y no hay ningún despliegue en curso",
  "A deployment that changed data was killed while requests waited at the edge: they wait on, then fail.":
    "Un despliegue que cambiaba datos murió mientras las peticiones esperaban en el proxy: siguen esperando y después fallan.",
  "`aplomo recover`: it finishes or undoes what was begun and lets the requests go on.":
    "`aplomo recover`: termina o deshace lo empezado y deja seguir a las peticiones.",
  "it lets every request wait": "hace esperar a todas las peticiones",
  "what stands in front is in none of its networks": "el proxy no está en ninguna de sus redes",
  "Two containers reach each other only in a network they share. Proxies say 502 or 504, and both sides look healthy (I16).":
    "Dos contenedores se alcanzan solo en una red que comparten. Los proxies dicen 502 o 504, y los dos lados parecen sanos (I16).",
  "Give the service the network of the one in front (compose: networks, with external: true), or the other way round; then deploy.":
    "Dé al servicio la red del que está delante (compose: networks, con external: true), o al revés; después, despliegue.",
  "{} cannot reach it: they share no network": "{} no puede llegar: no comparten ninguna red",
  "the health check's own program is not in the image": "el programa de la comprobación de salud no está en la imagen",
  "curl and wget are in few small images. The check fails for ever, the application is well, and whoever waits for healthy waits in vain.":
    "Pocas imágenes pequeñas traen curl y wget. La comprobación falla siempre, la aplicación está bien, y quien espera a que esté sana espera en vano.",
  "Ask with what the image has (`node -e`, `wget`), or install it in the image's last stage.":
    "Pregunte con lo que tiene la imagen (`node -e`, `wget`), o instálelo en su última etapa.",
  "its health check cannot even be run": "su comprobación de salud ni siquiera se puede ejecutar",
  "the application refuses its public host name": "la aplicación rechaza su nombre de host público",
  "The name is not in the list of hosts that it answers for (ALLOWED_HOSTS, allowedHosts): asked directly it is fine, asked by its name it answers 400 or 403 (S5.9).":
    "El nombre no está en la lista de hosts por los que responde (ALLOWED_HOSTS, allowedHosts): preguntada directamente está bien, preguntada por su nombre responde 400 o 403 (S5.9).",
  "Add the name to the list, in the format the application reads (`A,B` or JSON), and deploy.":
    "Añada el nombre a la lista, en el formato que lee la aplicación (`A,B` o JSON), y despliegue.",
  "it listens on another port than requests come to": "escucha en otro puerto que aquel al que llegan las peticiones",
  "The program has its own idea of its port, or reads another variable than PORT; what stands in front asks a port where nobody is, and says 502 (I16).":
    "El programa tiene su propia idea de su puerto, o lee otra variable que PORT; el proxy pregunta en un puerto donde no hay nadie, y dice 502 (I16).",
  "Let the program listen on PORT; or correct health.port, `ports` or target.port, whichever is wrong.":
    "Que el programa escuche en PORT; o corrija health.port, `ports` o target.port, el que esté mal.",
  "nothing inside listens on port {}, to which requests come": "dentro nada escucha en el puerto {}, al que llegan las peticiones",
  "Inside a container localhost is the container itself: the program answers there, and everybody else is refused. What stands in front says 502 (I16).":
    "Dentro de un contenedor localhost es el propio contenedor: ahí responde el programa, y a todos los demás se les rechaza. El proxy dice 502 (I16).",
  "it listens on localhost alone": "escucha solo en localhost",
  "port {} is open on 127.0.0.1 and nowhere else": "el puerto {} está abierto en 127.0.0.1 y en ningún otro sitio",
  "it listens on {}": "escucha en {}",
  "it listens nowhere": "no escucha en ningún sitio",
  "Let it listen on 0.0.0.0: HOST or HOSTNAME=0.0.0.0 for many frameworks, `--host 0.0.0.0`, or listen(port) without an address.":
    "Que escuche en 0.0.0.0: HOST o HOSTNAME=0.0.0.0 en muchos frameworks, `--host 0.0.0.0`, o listen(port) sin dirección.",
  "it runs and listens nowhere": "está en marcha y no escucha en ningún sitio",
  "It waits for something before it opens its port, a database or a lock, or its start never ended. The supervisor calls it running (T1, I16).":
    "Espera algo antes de abrir su puerto, una base de datos o un bloqueo, o su arranque no acabó nunca. El supervisor lo llama en marcha (T1, I16).",
  "Its last lines say what it was doing; give each wait in its start a limit, so that it says what it waits for.":
    "Sus últimas líneas dicen qué hacía; ponga un límite a cada espera de su arranque, para que diga qué espera.",
  "it has run for {} s, and nothing inside listens on port {}": "lleva {} s en marcha, y dentro nada escucha en el puerto {}",
  "a host name is not known": "un nombre de host no se conoce",
  "Of a service: see that both are in one network, and that the URL has the service's name. Of a public name: `getent hosts NAME` here.":
    "De un servicio: mire que los dos estén en la misma red, y que la URL tenga el nombre del servicio. De un nombre público: `getent hosts NAME` aquí.",
  "nobody knows the host {}": "nadie conoce el host {}",
  "it asks for a host that nobody knows": "pide un host que nadie conoce",
  "nobody knows its name: {}": "nadie conoce su nombre: {}",
  "A service's name is known only in the networks it is in, and only to containers: elsewhere `db` is nobody. Public names fail when DNS has no record, or the machine no resolver.":
    "El nombre de un servicio se conoce solo en las redes en las que está, y solo para contenedores: en otro sitio `db` no es nadie. Los nombres públicos fallan cuando el DNS no tiene registro, o la máquina no tiene resolver.",
  "the public address answers with an error": "la dirección pública responde con un error",
  "500: the application failed at the request. 4xx: the address of health.public leads to no page of it, or to another application.":
    "500: la aplicación falló con la petición. 4xx: la dirección de health.public no lleva a ninguna página suya, o lleva a otra aplicación.",
  "See `aplomo logs` for the request; correct health.public when the address is not meant any more.":
    "Busque la petición en `aplomo logs`; corrija health.public si esa dirección ya no es la prevista.",
  "nothing answers at the public address": "en la dirección pública no responde nadie",
  "Nothing listens there, a firewall drops what comes, or the name leads to another machine.":
    "Nadie escucha ahí, un cortafuegos descarta lo que llega, o el nombre lleva a otra máquina.",
  "On this machine: `ss -ltn` shows what listens. From outside: compare `dig +short NAME` with this machine's address, and see the firewall's rules.":
    "En esta máquina: `ss -ltn` muestra qué escucha. Desde fuera: compare `dig +short NAME` con la dirección de esta máquina, y mire las reglas del cortafuegos.",
  "no answer: {}": "sin respuesta: {}",
  "it runs, and says that it is not well": "está en marcha, y dice que no está bien",
  "Read what the check said; ask the same path by hand, and look at what it depends on first.":
    "Lea lo que dijo la comprobación; pida la misma ruta a mano, y mire primero aquello de lo que depende.",
  "the swarm ended it, since its own health check fails": "el swarm la terminó, porque falla su propia comprobación de salud",
  "its own health check fails": "falla su propia comprobación de salud",
  "does not answer": "no responde",
  "does not answer: {}": "no responde: {}",
  "answers {}": "responde {}",
  "asked for {} it {}": "al pedirle {}, {}",
  "Its health check fails: something it depends on does not answer, it hangs, or the check asks for the wrong thing.":
    "Su comprobación de salud falla: algo de lo que depende no responde, se cuelga, o la comprobación pide lo que no es.",
  "its certificate ran out {} ago": "su certificado caducó hace {}",
  "its certificate runs out in {}": "su certificado caduca en {}",
  "what is behind it does not run well, see there: {}": "lo que está detrás no va bien, mire ahí: {}",
  "it answers {}; {}": "responde {}; {}",
};
