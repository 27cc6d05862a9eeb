import type { Catalogue } from "../../say.ts";

export const host: Catalogue = {
  "neither answers: {}": "no responde ninguno: {}",
  "Install the compose plugin: apt-get install docker-compose-plugin.":
    "Instale el plugin de compose: apt-get install docker-compose-plugin.",
  "See what keeps it busy; of a swarm, whether `docker node ls` answers.":
    "Mire qué lo tiene ocupado; en un swarm, si responde `docker node ls`.",
  "it has not answered within {} s": "no ha respondido en {} s",
  "the container engine": "el motor de contenedores",
  "Start the engine: systemctl start docker; or set DOCKER_HOST.": "Arranque el motor: systemctl start docker; o ponga DOCKER_HOST.",
  "a Swarm is changed from one of its managers": "un Swarm se cambia desde uno de sus managers",
  "Run Aplomo on a manager, with DOCKER_HOST unset.": "Ejecute Aplomo en un manager, con DOCKER_HOST sin definir.",
  "it is not an HTTP URL": "no es una URL HTTP",
  "no answer within {} s": "sin respuesta en {} s",
  "process {} holds it for {} since {}": "el proceso {} lo tiene para {} desde {}",
  "wait until it has ended; `aplomo status` shows what it does": "espere a que termine; `aplomo status` muestra qué hace",
  "it runs on although it was killed": "sigue en marcha aunque se mató",
  "It was started by an Aplomo that was killed itself. End it, then run the command again.":
    "Lo arrancó un Aplomo que a su vez murió. Termínelo, y después ejecute el comando otra vez.",
  "aplomo.yml names no images": "aplomo.yml no nombra ninguna imagen",
  "Add `images:`; see docs/IMAGES.md.": "Añada `images:`; vea docs/IMAGES.md.",
  "aplomo.yml has no such image": "aplomo.yml no tiene esa imagen",
  "The images: {}.": "Las imágenes: {}.",
  "there is no folder {}": "no hay ninguna carpeta {}",
  "Correct images.{}.build in aplomo.yml.": "Corrija images.{}.build en aplomo.yml.",
  "building {}": "construyendo {}",
  "Try it yourself: {}.": "Pruébelo usted mismo: {}.",
  "a bake file is read by the buildx plug-in of the docker client, and there is none here":
    "un archivo de bake lo lee el complemento buildx del cliente de docker, y aquí no está",
  "Install docker-buildx-plugin, or leave bake out.": "Instale docker-buildx-plugin, o quite bake.",
  "Try it yourself: docker build {}.": "Pruébelo usted mismo: docker build {}.",
  "pushing {}": "subiendo {}",
  "Log in to its registry: docker login.": "Inicie sesión en su registro: docker login.",
  "Its registry must answer from this machine.": "Su registro debe responder desde esta máquina.",
  "it does not name an image by its digest": "no nombra una imagen por su digest",
  "Write SERVICE=REPOSITORY@sha256:DIGEST, or SERVICE=sha256:ID, as `aplomo build` prints it.":
    "Escriba SERVICE=REPOSITORY@sha256:DIGEST, o SERVICE=sha256:ID, como lo imprime `aplomo build`.",
  "Log in to it: docker login.": "Inicie sesión en él: docker login.",
  "the registry does not have it": "el registro no la tiene",
  "Push it again: aplomo build --force.": "Súbala otra vez: aplomo build --force.",
  "the registry has {} for it": "el registro tiene {} para ella",
  "it is for {}, not for {}": "es para {}, no para {}",
  "Set the platform of the server in aplomo.yml: platform: {}.": "Ponga en aplomo.yml la plataforma del servidor: platform: {}.",
};
