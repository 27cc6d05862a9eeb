import type { Catalogue } from "../../say.ts";

export const deploy: Catalogue = {
  "not rehearsed: {}": "sin ensayo: {}",
  "rehearsed because it was asked for": "se ensaya porque se pidió",
  "aplomo.yml says rehearsal.when: never": "aplomo.yml dice rehearsal.when: never",
  "nothing serves yet whose data could be copied": "todavía no hay nada en servicio cuyos datos se puedan copiar",
  "data is left alone (rehearsal.when: always rehearses code alone, too)":
    "los datos no se tocan (rehearsal.when: always ensaya también solo el código)",
  "rehearsed on a restored copy of the data before production is touched":
    "se ensaya con una copia restaurada de los datos antes de tocar producción",
  "the migration runs because it was asked for": "la migración se ejecuta porque se pidió",
  "the migration runs: this is the first release Aplomo deploys":
    "la migración se ejecuta: esta es la primera versión que despliega Aplomo",
  "data is left alone: the migrations are those of {}": "los datos no se tocan: las migraciones son las de {}",
  "the migration runs: without migrate.files nobody can tell whether it has anything to do":
    "la migración se ejecuta: sin migrate.files nadie sabe si tiene algo que hacer",
  "the migration runs: its files differ from those of {}": "la migración se ejecuta: sus archivos difieren de los de {}",
  "{}: new code ({}, was {})": "{}: código nuevo ({}, antes {})",
  "{}: is no longer part of it": "{}: ya no forma parte",
  "environment: {}": "entorno: {}",
  "the same code and environment as {}": "el mismo código y entorno que {}",
  "{} since {}": "{} desde {}",
  "Deploy again.": "Despliegue otra vez.",
  "Add `env: { file: .env }` to aplomo.yml.": "Añada `env: { file: .env }` a aplomo.yml.",
  "aplomo.yml names none": "aplomo.yml no nombra ninguno",
  "no former one is kept: `env push` has not replaced it": "no se conserva ninguno anterior: `env push` no lo ha sustituido",
  "the environment": "el entorno",
  "the release is in front; this is left to tidy up": "la versión está en servicio; esto queda por ordenar",
  "no log: {}": "sin registro: {}",
  "not healthy within {} s: {}": "no está sana en {} s: {}",
  "the unit's last log lines are in the report": "las últimas líneas de registro de la unidad están en el informe",
  "a server must not end by itself: look for a module that calls process.exit(0), or a one-shot command as its main command":
    "un servidor no debe terminar por sí mismo: busque un módulo que llame a process.exit(0), o un comando de un solo uso como comando principal",
  "137 is SIGKILL, usually out of memory: compare its memory limit with what it needs":
    "137 es SIGKILL, casi siempre por falta de memoria: compare su límite de memoria con lo que necesita",
  "{}'s own health check says unhealthy": "la comprobación de salud de {} dice unhealthy",
  "{}'s own health check has not answered yet": "la comprobación de salud de {} todavía no ha respondido",
  "{} {} answers {}: {}": "{} {} responde {}: {}",
  "what stands in front may still point at the old unit, or refuse this host name":
    "puede que el proxy apunte todavía a la unidad anterior, o rechace este nombre de host",
  "no unit of {} runs": "no hay en marcha ninguna unidad de {}",
  "see `aplomo logs`": "vea `aplomo logs`",
  "something Aplomo did not start": "algo que Aplomo no arrancó",
  "it still runs {}": "todavía ejecuta {}",
  "it logged: {}": "escribió en su registro: {}",
  "it has logged {} times since its start: {}": "ha escrito en su registro {} veces desde que arrancó: {}",
  "a stack trace is in the log of {}": "hay una traza de pila en el registro de {}",
  "{} of its limit": "{} de su límite",
  "{}, which was left as it ran, uses {}": "{}, que se dejó como estaba en marcha, usa {}",
  "find what it keeps, or raise its limit": "busque qué guarda, o suba su límite",
  "raise its limit (compose: mem_limit, PM2: target.max_memory_restart) or find what it keeps; health.memory_below is the share allowed":
    "suba su límite (compose: mem_limit, PM2: target.max_memory_restart) o busque qué guarda; health.memory_below es la parte permitida",
  "it uses {} at the end of the watch, and must stay below {} %": "usa {} al final de la vigilancia, y debe quedar por debajo del {} %",
  "check that no unit was begun anew meanwhile": "comprobar que entretanto ninguna unidad volvió a empezar",
  "{}: {}, and has run ever since": "{}: {}, y desde entonces sigue en marcha",
  "`aplomo doctor` and `aplomo logs` say what is known of it": "`aplomo doctor` y `aplomo logs` dicen lo que se sabe de ello",
  "`aplomo doctor` names the cause; when it was restarted on purpose, verify again when it has run for as long as `health.watch`":
    "`aplomo doctor` nombra la causa; si se reinició a propósito, verifique otra vez cuando lleve en marcha tanto como `health.watch`",
  "a time nobody knows": "una hora que nadie conoce",
  "no unit has a port and there is no health.public": "ninguna unidad tiene puerto y no hay health.public",
  "set health.public or health.port in aplomo.yml": "ponga health.public o health.port en aplomo.yml",
  "nothing may be done that is not recorded, so it stopped here: free disk space, then `aplomo recover` finishes or undoes it":
    "nada se puede hacer sin anotarlo, así que se paró aquí: libere espacio en el disco, y después `aplomo recover` lo termina o lo deshace",
  "the release stays; the data becomes what was loaded and proven, and the data before it is kept":
    "la versión se queda; los datos pasan a ser los cargados y comprobados, y los de antes se conservan",
  "the release stays; only the data goes back, and the data before it is kept":
    "la versión se queda; solo vuelven los datos, y los de antes se conservan",
  "only the environment changes: the code is that of {}, and data is left alone":
    "solo cambia el entorno: el código es el de {}, y los datos no se tocan",
  "not rehearsed: a {} target cannot yet": "sin ensayo: un target {} todavía no sabe hacerlo",
  "{} was running before Aplomo came": "{} ya estaba en marcha antes de que llegara Aplomo",
  "there is no such release": "no existe esa versión",
  "it is the release in front": "es la versión en servicio",
  "there is no earlier release": "no hay ninguna versión anterior",
  "roll back without --with-data, or restore one by hand: `aplomo backup list` (releases: {})":
    "vuelva atrás sin --with-data, o restaure una a mano: `aplomo backup list` (versiones: {})",
  "no backup was taken when {} was replaced": "no se hizo ninguna copia cuando se sustituyó {}",
  "data goes back to the last backup of {}; what was written since stays in a kept database":
    "los datos vuelven a la última copia de {}; lo escrito desde entonces queda en una base de datos conservada",
  "data is left alone: both releases have the same migrations": "los datos no se tocan: las dos versiones tienen las mismas migraciones",
  "data is left alone: {} will meet the data as {} left it, which was not rehearsed; --with-data takes data back too":
    "los datos no se tocan: {} encontrará los datos como los dejó {}, cosa que no se ensayó; --with-data devuelve también los datos",
  "data changes while {} serves on, and took {} on the copy": "los datos cambian mientras {} sigue en servicio, y con la copia llevó {}",
  "requests wait while data changes, for about {}": "las peticiones esperan mientras cambian los datos, unos {}",
  "{} is stopped while data changes, for about {}": "{} está parada mientras cambian los datos, unos {}",
  "as {} rehearsed it: {}": "como lo ensayó {}: {}",
  "as last time": "como la última vez",
  "an estimate: nothing was measured yet": "una estimación: todavía no se ha medido nada",
  "about {} ({})": "unos {} ({})",
  "requests fail for {}: nothing stands in front that could let them wait":
    "las peticiones fallan {}: no hay nada delante que pueda hacerlas esperar",
  "requests go through {} from now on: whoever asks the units of {} at their own address is cut off":
    "desde ahora las peticiones pasan por {}: a quien pregunte a las unidades de {} en su propia dirección se le corta",
  "{} closes connections that are idle when it is switched": "{} cierra las conexiones inactivas cuando se conmuta",
  "0 s of interruption: {} points at the new units when they answer, and the old ones finish":
    "0 s de interrupción: {} apunta a las unidades nuevas cuando responden, y las antiguas terminan",
  "requests fail for {}: {} cannot let them wait while data changes":
    "las peticiones fallan {}: {} no puede hacerlas esperar mientras cambian los datos",
  "0 s of interruption: requests wait at {} for {}, and fail after {}":
    "0 s de interrupción: las peticiones esperan en {} {}, y fallan después de {}",
  "booting {} on the copy": "arrancando {} con la copia",
  "cannot be told: the migrations do not run on an empty database: {}":
    "no se puede decir: las migraciones no funcionan con una base de datos vacía: {}",
  "column {}.{}": "la columna {}.{}",
  "{} is gone": "{} ya no está",
  "{} was {}, and is {}": "{} era {}, y es {}",
  "{} takes no NULL any more": "{} ya no admite NULL",
  "{} has no default any more": "{} ya no tiene valor por defecto",
  "{}.{} is new, takes no NULL, and has no default": "{}.{} es nueva, no admite NULL y no tiene valor por defecto",
  "{} has a rule more: {}": "{} tiene una regla más: {}",
  "restoring the backup into the copy": "restaurando la copia",
  "on the copy an invariant cannot be asked: {}": "con la copia no se puede preguntar un invariante: {}",
  "run a second time: {}": "al ejecutarla por segunda vez: {}",
  "the seed is not idempotent: run a second time it changed {}": "la siembra no es idempotente: al ejecutarla por segunda vez cambió {}",
  "{} are free, and the databases have {}: a copy may not fit":
    "quedan {} libres, y las bases de datos ocupan {}: puede que una copia no quepa",
  "Free disk space, or deploy with --no-rehearsal.": "Libere espacio en el disco, o despliegue con --no-rehearsal.",
  "no variable of the release says where database {} is, so its migration would run on production's":
    "ninguna variable de la versión dice dónde está la base de datos {}, así que su migración se ejecutaría sobre la de producción",
  "Give the app its address in a variable, equal to databases.{}.url or .file; or deploy with --no-rehearsal.":
    "Dé a la app su dirección en una variable, igual a databases.{}.url o .file; o despliegue con --no-rehearsal.",
  "something is not committed, so that nobody can get this code again":
    "algo no está en ningún commit, así que nadie puede volver a obtener este código",
  "git status shows it; commit it": "git status lo muestra; haga commit",
  "the branch follows none elsewhere": "la rama no sigue a ninguna otra",
  "the version is {}, as that of the release in front": "la versión de la app es {}, la misma que la de la versión en servicio",
  "Raise it": "Súbala",
  "what will be deployed": "lo que se va a desplegar",
  "it is ended after {}": "se termina después de {}",
  "migrate the data": "migrar los datos",
  "refresh {}": "refrescar {}",
  "{}; `source` in aplomo.yml decides what refuses a deploy": "{}; `source` en aplomo.yml decide qué rechaza un despliegue",
  "by {}'s own table, {} failed half-way before this deploy": "según la tabla propia de {}, {} falló a medias antes de este despliegue",
  "kept as migrated": "se conservan como quedaron migrados",
  "invariants are broken ({}) and rows were written since the change: {}":
    "hay invariantes rotos ({}) y se escribieron filas desde el cambio: {}",
  "what runs now": "lo que está en marcha",
  "it has ended meanwhile": "entretanto ha terminado",
  "it was started again but is not healthy: see `aplomo logs`; when it is, `aplomo recover` ends this deployment":
    "se arrancó otra vez pero no está sana: vea `aplomo logs`; cuando lo esté, `aplomo recover` termina este despliegue",
  "requests would wait for about {}, and hold.limit is {}": "las peticiones esperarían unos {}, y hold.limit es {}",
  "{} was locked ({}) for {} by {}, and hold.limit is {}": "{} estuvo bloqueada ({}) {} por {}, y hold.limit es {}",
  "{} failed half-way, or was broken off": "{} falló a medias, o se interrumpió",
  "its name has letters that none of Aplomo's migrations may have":
    "su nombre tiene letras que ninguna de las migraciones de Aplomo puede tener",
  "Call it such as 001_users.sql.": "Llámela por ejemplo 001_users.sql.",
  "put the schema right, and tell the tool so": "arregle el esquema, y dígaselo a la herramienta",
  "{} and {} more": "{} y {} más",
  "none pending": "ninguna pendiente",
  "{} pending: {}": "{} pendientes: {}",
  "{}: {} applied, {}": "{}: {} aplicadas, {}",
  "failed half-way": "falló a medias",
  "edited after it was applied": "modificada después de aplicarse",
  "applied, and not in this release": "aplicada, y no está en esta versión",
  "never to be run, being older than the last one that was": "no se ejecutará nunca, por ser anterior a la última que se ejecutó",
  "put the schema right, then `flyway repair` takes the entry out": "arregle el esquema, y después `flyway repair` quita la entrada",
  "put the schema right, then remove its row from {} to run it again, or set finished_at when it is done":
    "arregle el esquema, y después quite su fila de {} para ejecutarla otra vez, o ponga finished_at cuando esté hecha",
  "the lock in knex_migrations_lock is taken": "el bloqueo de knex_migrations_lock está tomado",
  "a run was killed, or is under way: see what it did, then `knex migrate:unlock`":
    "una ejecución se mató, o está en curso: mire qué hizo, y después `knex migrate:unlock`",
  "P3009: put the schema right and say so: `prisma migrate resolve --applied NAME`, or `--rolled-back NAME` to run it again":
    "P3009: arregle el esquema y dígalo: `prisma migrate resolve --applied NAME`, o `--rolled-back NAME` para ejecutarla otra vez",
  "{} lacks {} of this branch": "a {} le falta {} de esta rama",
  "this branch lacks {} of {}": "a esta rama le falta {} de {}",
  "{} and was restarted {}": "{} y se reinició {}",
};
