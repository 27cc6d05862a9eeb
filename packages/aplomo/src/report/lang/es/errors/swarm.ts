import type { Catalogue } from "../../say.ts";

export const swarm: Catalogue = {
  "migrate.files means {} inside the image: correct it, or the Dockerfile.":
    "migrate.files se refiere a {} dentro de la imagen: corríjalo, o el Dockerfile.",
  "{} free ports": "{} puertos libres",
  "none are left from {} to {}": "no queda ninguno de {} a {}",
  "See who has them: ss -tln.": "Mire quién los tiene: ss -tln.",
  "it is not a key": "no es una clave",
  "Remove the file: a new key is made, and the next deploy takes every variable for changed.":
    "Quite el archivo: se crea una clave nueva, y el próximo despliegue toma todas las variables por cambiadas.",
  "More than half of the managers must be there: see `docker node ls` on each, and bring the lost ones back.":
    "Debe estar más de la mitad de los managers: mire `docker node ls` en cada uno, y recupere los perdidos.",
  "the service {}": "el servicio {}",
  "the swarm has no such service": "el swarm no tiene ese servicio",
  "`docker service ls` on a manager shows their names; set target.service.":
    "`docker service ls` en un manager muestra sus nombres; ponga target.service.",
  "the tasks of {}": "las tareas de {}",
  "the nodes": "los nodos",
  "no registry has it, so nothing says which image is meant tomorrow, or on another node":
    "ningún registro la tiene, así que nada dice qué imagen se quiere mañana, o en otro nodo",
  "Push it to a registry that every node reaches, and name it there.":
    "Súbala a un registro al que lleguen todos los nodos, y nómbrela ahí.",
  "its image {} is no longer in the registry": "su imagen {} ya no está en el registro",
  "Push it again, or go back to another release.": "Súbala otra vez, o vuelva a otra versión.",
  "Its registry must answer; log in with `docker login` when it wants that.":
    "Su registro debe responder; inicie sesión con `docker login` si lo pide.",
  "the engine says nothing of itself": "el motor no dice nada de sí mismo",
  "no task had them within {} s": "ninguna tarea los tuvo en {} s",
  "its task is {}": "su tarea está {}",
  "what holds secrets and configs": "lo que guarda los secrets y configs",
  "no engine answers": "no responde ningún motor",
  "no engine": "ningún motor",
  "swarm of {}, engine {}": "swarm de {}, motor {}",
  "Run Aplomo on a manager (`docker node ls` there shows which), or begin one: docker swarm init.":
    "Ejecute Aplomo en un manager (`docker node ls` muestra ahí cuáles lo son), o empiece uno: docker swarm init.",
  "this machine is not a manager of a swarm": "esta máquina no es manager de un swarm",
  "the swarm has no service {}": "el swarm no tiene ningún servicio {}",
  "`docker service ls` shows their names; set target.service.": "`docker service ls` muestra sus nombres; ponga target.service.",
  "{} is not a replicated service": "{} no es un servicio replicado",
  "Aplomo replaces replicated services alone.": "Aplomo solo sustituye servicios replicados.",
  "the swarm is just changing {} ({})": "el swarm está cambiando {} justo ahora ({})",
  "Try again when it has ended.": "Inténtelo de nuevo cuando haya terminado.",
  "{}; progressive replacement is off until what runs has been stable":
    "{}; la sustitución progresiva está apagada hasta que lo que está en marcha sea estable",
  "{} is too long for a service's name": "{} es demasiado largo para el nombre de un servicio",
  "Use a shorter service, or `edge: { kind: none }`.": "Use un servicio de nombre más corto, o `edge: { kind: none }`.",
  "nothing says at which port the tasks answer": "nada dice en qué puerto responden las tareas",
  "Set health.port, the port inside the container.": "Ponga health.port, el puerto de dentro del contenedor.",
  "the network {}": "la red {}",
  "Add it: docker service update --network-add {} {}; or name one of its own as edge.network.":
    "Añádala: docker service update --network-add {} {}; o nombre una suya en edge.network.",
  "{} is not in the network {}, in which the edge would reach it": "{} no está en la red {}, por la que el proxy llegaría a él",
  "Make one that is: docker network create --driver overlay --attachable NAME.":
    "Cree una que lo sea: docker network create --driver overlay --attachable NAME.",
  "{} is not an overlay network that a container may join": "{} no es una red overlay a la que pueda unirse un contenedor",
  "its task runs on after it was removed": "su tarea sigue en marcha después de quitarla",
  "See `docker service ps`.": "Vea `docker service ps`.",
  "pulling it, for the migrations inside": "descargándola, por las migraciones que contiene",
  "This manager must be able to; or leave migrate.files out, and the migration runs at every deploy.":
    "Este manager debe poder hacerlo; o quite migrate.files, y la migración se ejecuta en cada despliegue.",
  "it was never completely staged": "nunca se preparó del todo",
  "{} was changed after it was staged, or never complete": "{} cambió después de prepararla, o nunca estuvo completa",
  "the services of the swarm": "los servicios del swarm",
  "it has files that the swarm gives to its tasks alone: {}": "tiene archivos que el swarm solo da a sus tareas: {}",
  "Deploy with --no-rehearsal, or say `rehearsal: { when: never }`.": "Despliegue con --no-rehearsal, o diga `rehearsal: { when: never }`.",
  "what stands beside {}": "lo que está junto a {}",
  "somebody else changes it all the time, or its managers do not agree":
    "otro lo cambia todo el tiempo, o sus managers no se ponen de acuerdo",
  "See `docker service inspect` and `docker node ls`.": "Vea `docker service inspect` y `docker node ls`.",
  "its kind is {}, not swarm": "su tipo es {}, no swarm",
  "the task is gone": "la tarea ya no está",
  "image {} runs, {} is meant": "se ejecuta la imagen {}, se quiere {}",
  "variable {} is missing": "falta la variable {}",
  "variable {} has another value": "la variable {} tiene otro valor",
  "{} beside {}": "{} junto a {}",
  "the swarm's update is {}: {}": "la actualización del swarm está {}: {}",
  "See `docker service ps {}`.": "Vea `docker service ps {}`.",
  "no task was made": "no se creó ninguna tarea",
  "not {} of {} run after {} s: {}": "no hay en marcha {} de {} después de {} s: {}",
  "See `docker service ps --no-trunc {}`: a node may lack the image, the memory, or a place that fits.":
    "Vea `docker service ps --no-trunc {}`: puede que a un nodo le falte la imagen, la memoria, o un sitio que encaje.",
  "its task {} ended ({}){}": "su tarea {} terminó ({}){}",
  "A server must not end by itself, with whatever exit code: see `docker service logs {}`.":
    "Un servidor no debe terminar por sí mismo, con ningún código de salida: vea `docker service logs {}`.",
  "tasks still run after {} s": "siguen en marcha tareas después de {} s",
  "A node may be lost: see `docker node ls`.": "Puede que se haya perdido un nodo: vea `docker node ls`.",
};
