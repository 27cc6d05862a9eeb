import type { Catalogue } from "../../say.ts";

export const image: Catalogue = {
  "the env file ends up in the image": "el archivo de entorno acaba en la imagen",
  "everybody who can pull the image reads the secrets in it, and the application starts with values of the machine that built it":
    "cualquiera que pueda descargar la imagen lee los secretos que contiene, y la aplicación arranca con los valores de la máquina que la construyó",
  "{} becomes the environment: what it leaves out or gives as a pattern runs unnoticed":
    "{} se convierte en el entorno: lo que no dice, o da como muestra, se usa sin que nadie lo note",
  "{}'s build stage": "{} (en su etapa de construcción)",
  "{} is copied into the image": "{} se copia en la imagen",
  "leave it out: give the container its environment when it starts (env_file or environment in compose)":
    "déjelo fuera: dé al contenedor su entorno cuando arranca (env_file o environment en compose)",
  "write .env* into {}.dockerignore, beside node_modules and .git": "escriba .env* en {}.dockerignore, junto a node_modules y .git",
  "write .env* into .dockerignore, beside node_modules and .git": "escriba .env* en .dockerignore, junto a node_modules y .git",
  "everything is copied, and {} with it": "se copia todo, y {} con ello",
  "the env file": "el archivo de entorno",
  "everything is copied, and {} does not leave .env out": "se copia todo, y {} no deja fuera .env",
  "everything is copied, and there is no .dockerignore: .env, .git and node_modules of the machine that builds come along":
    "se copia todo, y no hay ningún .dockerignore: .env, .git y node_modules de la máquina que construye van incluidos",
  "build tools are in the image that runs": "las herramientas de construcción están en la imagen que se ejecuta",
  "compilers and development dependencies make the image several times as large, slow to pull, and give an intruder tools; nothing fails, hence info":
    "compiladores y dependencias de desarrollo hacen la imagen varias veces mayor y lenta de descargar, y dan herramientas a un intruso; no falla nada, por eso es información",
  "build in a stage of its own, and COPY --from it what runs into a last stage with production dependencies only":
    "construya en una etapa propia, y lleve con COPY --from lo que se ejecuta a una última etapa que solo tenga dependencias de producción",
  "this stage builds and runs the application, so development dependencies stay in it":
    "esta etapa construye y ejecuta la aplicación, así que las dependencias de desarrollo se quedan en ella",
  "a compiler is installed in the image that runs, and stays in it":
    "en la imagen que se ejecuta se instala un compilador, y se queda en ella",
  "the container runs as root": "el contenedor se ejecuta como root",
  "the last USER is root": "el último USER es root",
  "nothing says as whom it runs, and {} runs as root": "nada dice como quién se ejecuta, y {} se ejecuta como root",
  "this image has the user node": "esta imagen tiene el usuario node",
  "make one with useradd": "cree uno con useradd",
  "write USER before CMD ({}), and give it the folders it writes to: COPY --chown, or chown in a RUN; a volume that exists needs its files' owner changed once":
    "escriba USER antes de CMD ({}), y dele las carpetas en las que escribe: COPY --chown, o chown en un RUN; en un volumen que ya existe hay que cambiar una vez el dueño de sus archivos",
  "whoever breaks into the application is root in the container, and a mistake in a mount makes that root on the server; it works all the same, hence a warning":
    "quien entra en la aplicación es root en el contenedor, y un error en un montaje lo hace root en el servidor; funciona igualmente, por eso es un aviso",
  "a secret is written into the image": "un secreto está escrito en la imagen",
  "ENV and ARG stay in the image and its history: everybody who can pull it reads them with `docker history`, and a leaked value cannot be taken back":
    "ENV y ARG quedan en la imagen y en su historial: cualquiera que pueda descargarla los lee con `docker history`, y un valor filtrado ya no se recupera",
  "remove it here; at run time the env file gives it, and what only the build needs comes with RUN --mount=type=secret":
    "quítelo de aquí; al ejecutar lo da el archivo de entorno, y lo que solo necesita la construcción llega con RUN --mount=type=secret",
  "{} goes from a build argument into the image's environment, and stays there":
    "{} pasa de un argumento de construcción al entorno de la imagen, y se queda ahí",
  "the build argument {} stays readable in the image's history":
    "el argumento de construcción {} queda legible en el historial de la imagen",
  "{} has a placeholder in the image: when nothing else sets it, the application runs with a secret everybody knows":
    "{} tiene un valor de relleno en la imagen: cuando nadie más la define, la aplicación se ejecuta con un secreto que todo el mundo conoce",
  "{}, with a password in the address": "{}, con una contraseña en la dirección",
  "{} has its value written into the image": "{} tiene su valor escrito en la imagen",
};
