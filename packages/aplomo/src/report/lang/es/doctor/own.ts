import type { Catalogue } from "../../say.ts";

export const own: Catalogue = {
  "a database has no backup": "una base de datos no tiene copia",
  "None was ever made here, or the folder of backups is another one, or empty: what is lost now is lost.":
    "Aquí nunca se hizo ninguna, o la carpeta de copias es otra, o está vacía: lo que se pierda ahora está perdido.",
  "`aplomo backup run` now; `aplomo backup schedule` for every day.": "`aplomo backup run` ahora; `aplomo backup schedule` para cada día.",
  "database {}": "base de datos {}",
  "there is no backup of it": "no hay ninguna copia de ella",
  "the newest proven backup is too old": "la última copia comprobada es demasiado vieja",
  "The schedule was removed, its job fails, or the disk is full: nobody reads the mail of a job that fails at night.":
    "El horario se quitó, su tarea falla, o el disco está lleno: nadie lee el correo de una tarea que falla de noche.",
  "`aplomo backup run` now, and read what it says; `aplomo backup schedule` puts the job in place again.":
    "`aplomo backup run` ahora, y lea lo que dice; `aplomo backup schedule` vuelve a poner la tarea en su sitio.",
  "the proof of": "la comprobación de",
  "the newest is {}": "la más nueva es {}",
  "no backup was ever restored to prove it, or its proof failed":
    "ninguna copia se ha restaurado nunca para comprobarla, o su comprobación falló",
  "A file that was never restored is a hope. Aplomo proves a backup by restoring it into a scratch database and comparing every count.":
    "Un archivo que nunca se restauró es una esperanza. Aplomo comprueba una copia restaurándola en una base de datos de usar y tirar y comparando cada recuento.",
  "`aplomo backup drill` restores the newest one and says what differs.": "`aplomo backup drill` restaura la más nueva y dice qué difiere.",
  "none of its backups is proven": "ninguna de sus copias está comprobada",
  "copies of backups do not reach another place": "las copias no llegan a otro sitio",
  "The place is down, its key was changed, or its disk is full. Backups on this machine alone are lost with it.":
    "El sitio está caído, su clave cambió, o su disco está lleno. Las copias que solo están en esta máquina se pierden con ella.",
  "`aplomo check` reaches for every place and says what is wrong; the next `aplomo backup run` makes up what is missing.":
    "`aplomo check` intenta llegar a cada sitio y dice qué va mal; la próxima `aplomo backup run` completa lo que falta.",
  "since {}": "desde {}",
  "the next deploy would be refused": "el próximo despliegue se rechazaría",
  "Do what the message asks; then `aplomo plan`.": "Haga lo que pide el mensaje; después, `aplomo plan`.",
  "What runs is not touched by it, and a repair may well be a deploy: better known now than then. `aplomo plan` says the same.":
    "No afecta a lo que está en marcha, y una reparación bien puede ser un despliegue: mejor saberlo ahora que entonces. `aplomo plan` dice lo mismo.",
  "a deployment was interrupted, or waits for a person's decision": "un despliegue quedó interrumpido, o espera la decisión de una persona",
  "Aplomo was killed, the machine went down, or going back would lose rows and nobody has decided: what is in front may be neither release as it was meant.":
    "Aplomo murió, la máquina se apagó, o volver atrás perdería filas y nadie ha decidido: puede que lo que está en servicio no sea ninguna de las dos versiones como debía.",
  "`aplomo recover` finishes or undoes it; `aplomo recover --data keep|restore` when it asks what to do with rows written since.":
    "`aplomo recover` lo termina o lo deshace; `aplomo recover --data keep|restore` cuando pregunta qué hacer con las filas escritas desde entonces.",
  "it is stuck: a person must decide": "está atascado: debe decidir una persona",
  "process {}, {} since {}, is dead": "el proceso {}, {} desde {}, está muerto",
  "an Aplomo was killed while it worked": "un Aplomo murió mientras trabajaba",
  "Run it again: the next operation takes the lock and tidies up what was left.":
    "Ejecútelo otra vez: la próxima operación toma el bloqueo y ordena lo que quedó.",
  "process {}": "proceso {}",
  "it died during {}": "murió durante {}",
  "Its lock is still written down. It keeps nobody waiting, since its process is known to be dead; what it did was not ended, a backup for instance.":
    "Su bloqueo sigue anotado. No hace esperar a nadie, porque se sabe que su proceso está muerto; lo que hacía no terminó, una copia por ejemplo.",
  "the release in front could not be started again": "la versión en servicio no se podría volver a arrancar",
  "Its image was removed by a clean-up, or its folder was changed: it runs, and a reboot or a rollback would find nothing to start.":
    "Una limpieza borró su imagen, o su carpeta cambió: está en marcha, y un reinicio o una vuelta atrás no encontrarían nada que arrancar.",
  "Fetch or build what is missing, or deploy again.": "Descargue o construya lo que falta, o despliegue otra vez.",
};
