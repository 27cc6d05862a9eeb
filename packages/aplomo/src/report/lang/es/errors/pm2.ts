import type { Catalogue } from "../../say.ts";

export const pm2: Catalogue = {
  "The files of {} are not copied: going back to it starts what is in {} then":
    "Los archivos de {} no se copian: volver a ella arranca lo que haya entonces en {}",
  "Leave that folder as it is until the new release is proven; from then on every release has its files.":
    "Deje esa carpeta como está hasta que la versión nueva esté probada; desde entonces cada versión tiene sus archivos.",
  "it did not listen on PORT ({}) within {} s": "no escuchó en PORT ({}) en {} s",
  "The units that run were left alone: correct the release and deploy again.":
    "Las unidades en marcha se dejaron en paz: corrija la versión y despliegue otra vez.",
  "PM2 has a process of that name which Aplomo did not start": "PM2 tiene un proceso con ese nombre que Aplomo no arrancó",
  "Give that process another name.": "Dé otro nombre a ese proceso.",
  "{} with exit code {}": "{} con código de salida {}",
  "the process has ended": "el proceso ha terminado",
  "it runs {} instead of {}": "ejecuta {} en lugar de {}",
  "it runs in {} instead of {}": "se ejecuta en {} en lugar de {}",
  "{} has another value": "{} tiene otro valor",
  "{} is set although the release does not have it": "{} está definida aunque la versión no la tiene",
  "no PM2": "sin PM2",
  "Set target.script in aplomo.yml, relative to target.source; build the app first when it is made by a build.":
    "Ponga target.script en aplomo.yml, relativo a target.source; construya antes la app si la hace una construcción.",
  "target.exclude leaves out the script {} itself": "target.exclude deja fuera el propio script {}",
  "Change target.exclude.": "Cambie target.exclude.",
  "the database {} lies in the folder that is copied into each release, where the app would open an empty one instead":
    "la base de datos {} está en la carpeta que se copia a cada versión, donde la app abriría en su lugar una vacía",
  "Give the app its whole path in the env file, e.g. DATABASE_FILE={}, or move it out of target.source.":
    "Dé a la app su ruta completa en el archivo de entorno, p. ej. DATABASE_FILE={}, o sáquela de target.source.",
  "{} processes in fork mode cannot listen on one port": "{} procesos en modo fork no pueden escuchar en un mismo puerto",
  "Set target.exec_mode to cluster, or target.instances to 1.": "Ponga target.exec_mode en cluster, o target.instances en 1.",
  "the variable {} cannot be given to the app: {}": "la variable {} no se le puede dar a la app: {}",
  "PM2 kills the app after {} s, and the app gives itself {} s to end ({})":
    "PM2 mata la app a los {} s, y la app se da {} s para terminar ({})",
  "Set target.kill_timeout above it: {}s.": "Ponga target.kill_timeout por encima: {}s.",
  "PM2's daemon was started from a shell that had {}, and gives it to every process in cluster mode":
    "el daemon de PM2 se arrancó desde un shell que tenía {}, y lo da a cada proceso en modo cluster",
  "Start the daemon anew from a shell without it, which interrupts all that it runs: `pm2 save && pm2 kill && pm2 resurrect`.":
    "Arranque el daemon de nuevo desde un shell que no lo tenga, lo que interrumpe todo lo que ejecuta: `pm2 save && pm2 kill && pm2 resurrect`.",
  "PM2's process {} has port {} already": "el proceso {} de PM2 ya tiene el puerto {}",
  "a process of another user": "un proceso de otro usuario",
  "{} is missing: it was never completely staged": "falta {}: nunca se preparó del todo",
  "Deploy again, or roll back to a release that `aplomo history` shows as complete.":
    "Despliegue otra vez, o vuelva a una versión que `aplomo history` muestre como completa.",
  "its kind is {}, not pm2": "su tipo es {}, no pm2",
  "the output of `pm2 jlist`": "la salida de `pm2 jlist`",
  "waiting restart": "esperando reinicio",
  "they are begun anew each time": "vuelven a empezar cada vez",
  "PM2's saved list names processes that do not exist now ({}), so it was not replaced":
    "la lista guardada de PM2 nombra procesos que ahora no existen ({}), así que no se sustituyó",
  "Run `pm2 resurrect` to bring them back, or `pm2 save --force` when they are meant to be gone.":
    "Ejecute `pm2 resurrect` para recuperarlos, o `pm2 save --force` si se quitaron a propósito.",
  "it failed and said nothing": "falló y no dijo nada",
  "Look at {}.": "Mire {}.",
  "a job's id names its files": "el id de una tarea nombra sus archivos",
  "the release has no file there": "la versión no tiene ahí ningún archivo",
  "The path starts from target.source; leave `migrate.files` out to run the migration at every deploy.":
    "La ruta parte de target.source; quite `migrate.files` para ejecutar la migración en cada despliegue.",
  "{} of its files are missing or changed: {}{}": "{} de sus archivos faltan o cambiaron: {}{}",
  "Deploy again from the source. What the app writes itself belongs outside its folder, or under target.exclude.":
    "Despliegue otra vez desde el código. Lo que escribe la propia app va fuera de su carpeta, o en target.exclude.",
  "PM2 would take it for a setting of its own": "PM2 la tomaría por un ajuste suyo",
  "Rename the variable in the env file and in the app.": "Cambie el nombre de la variable en el archivo de entorno y en la app.",
  "Nothing that runs was touched. Try the command in {}; all it said is in {}.":
    "Nada de lo que está en marcha se tocó. Pruebe el comando en {}; todo lo que dijo está en {}.",
  "Set target.source to the folder that holds both, and target.script relative to it; or set target.install.":
    "Ponga target.source en la carpeta que contiene los dos, y target.script relativo a ella; o ponga target.install.",
  "{} ended{} while it was being started": "{} terminó{} mientras arrancaba",
  "{} of {} did not listen on port {} within {} s, though PM2 calls them online":
    "{} de {} no escucharon en el puerto {} en {} s, aunque PM2 los llama online",
  "{} out of target.source, or to what is left out of the copy": "{} fuera de target.source, o a lo que se deja fuera de la copia",
};
