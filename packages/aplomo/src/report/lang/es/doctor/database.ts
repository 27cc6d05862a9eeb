import type { Catalogue } from "../../say.ts";

export const database: Catalogue = {
  "the database server has no database of that name": "el servidor de bases de datos no tiene ninguna con ese nombre",
  "POSTGRES_DB and MARIADB_DATABASE make one only when the data is new; with an older volume, or after a restore under another name, there is none.":
    "POSTGRES_DB y MARIADB_DATABASE crean una solo cuando los datos son nuevos; con un volumen anterior, o tras restaurar con otro nombre, no hay ninguna.",
  "Correct the name in the URL; or make it, and restore: `aplomo backup restore latest`.":
    "Corrija el nombre en la URL; o créela y restaure: `aplomo backup restore latest`.",
  "there is no database {}": "no hay ninguna base de datos {}",
  "the database takes no more connections": "la base de datos no acepta más conexiones",
  "Every process has a pool of its own: processes times pool size, twice during a switch, exceed what the server allows. Or connections leak.":
    "Cada proceso tiene su propio pool: procesos por tamaño del pool, el doble durante un cambio de versión, superan lo que permite el servidor. O hay fugas de conexiones.",
  "Make the pools smaller (instances times pool size, doubled, below max_connections), or put a pooler in between; look for connections that stay idle in a transaction.":
    "Haga los pools más pequeños (instancias por tamaño del pool, por dos, por debajo de max_connections), o ponga un pooler en medio; busque conexiones que se quedan inactivas dentro de una transacción.",
  "it has no connection left to give": "no le queda ninguna conexión que dar",
  "a lock in the database is not given up": "un bloqueo de la base de datos no se suelta",
  "A transaction that is not ended, a migration beside the running application, or with SQLite two programs that write.":
    "Una transacción que no se termina, una migración junto a la aplicación en marcha o, con SQLite, dos programas que escriben.",
  "End the transaction that holds it (PostgreSQL: pg_blocking_pids; MariaDB: SHOW PROCESSLIST); with SQLite set busy_timeout and the WAL mode.":
    "Termine la transacción que lo tiene (PostgreSQL: pg_blocking_pids; MariaDB: SHOW PROCESSLIST); con SQLite ponga busy_timeout y el modo WAL.",
  "it waits for a lock in the database": "espera un bloqueo de la base de datos",
  "the database refuses the user or the password": "la base de datos rechaza el usuario o la contraseña",
  "The password was changed at one end only; or POSTGRES_PASSWORD was changed after the volume was made, which changes nothing: it is read once, when the data is new. Or it has characters that a URL must escape.":
    "La contraseña se cambió solo en un extremo; o POSTGRES_PASSWORD se cambió después de crear el volumen, lo que no cambia nada: se lee una sola vez, cuando los datos son nuevos. O tiene caracteres que una URL debe escapar.",
  "Set the password inside the database (`ALTER USER ... PASSWORD`) to what the env file has; percent-encode it in URLs.":
    "Ponga dentro de la base de datos (`ALTER USER ... PASSWORD`) la contraseña que tiene el archivo de entorno; en las URL, codifíquela con %.",
  "it does not let {} in": "no deja entrar a {}",
  "it does not let the application in": "no deja entrar a la aplicación",
  "the database does not answer": "la base de datos no responde",
  "It does not run, is still starting, or is asked at the wrong address: inside a container `localhost` is the container, not the database's (I19).":
    "No está en marcha, todavía arranca, o se le pregunta en la dirección equivocada: dentro de un contenedor `localhost` es el contenedor, no el de la base de datos (I19).",
  "the database at {} does not answer": "la base de datos en {} no responde",
  "See whether it runs (`aplomo status`), start it, and let the application ask it by its service's name; wait for it at the start (I19).":
    "Mire si está en marcha (`aplomo status`), arránquela, y que la aplicación la pida por el nombre de su servicio; espérela al arrancar (I19).",
  "the data is not as aplomo.yml says it must be": "los datos no son como aplomo.yml dice que deben ser",
  "An invariant is what the team said must always hold: a partial restore, a wrong seed or a bad job has broken it since (I8, I12).":
    "Un invariante es lo que el equipo dijo que siempre debe cumplirse: una restauración parcial, una siembra equivocada o una tarea mala lo han roto desde entonces (I8, I12).",
  "Compare with the last proven backup: `aplomo backup list`. `aplomo backup restore` puts the data back and keeps the present beside.":
    "Compare con la última copia comprobada: `aplomo backup list`. `aplomo backup restore` devuelve los datos y conserva al lado los actuales.",
  "a migration was begun and not ended": "una migración empezó y no terminó",
  "It failed in the middle, or was killed; its tool remembers that and refuses to go on. On MariaDB what it had done stays: nothing takes DDL back (I17).":
    "Falló a la mitad, o la mataron; su herramienta lo recuerda y se niega a seguir. En MariaDB lo hecho se queda: nada deshace el DDL (I17).",
  "Read what it did, finish or take it back by hand, and tell the tool (`prisma migrate resolve`, `migrate force`, `knex migrate:unlock`); or take the data back: `aplomo backup restore`.":
    "Lea qué hizo, termínelo o deshágalo a mano, y dígaselo a la herramienta (`prisma migrate resolve`, `migrate force`, `knex migrate:unlock`); o devuelva los datos: `aplomo backup restore`.",
  "migration {} was begun and not ended": "la migración {} empezó y no terminó",
  "says {}'s own table": "lo dice la tabla propia de {}",
  "See what it did, then {}; or take the data back: `aplomo backup restore`.":
    "Mire qué hizo y después {}; o devuelva los datos: `aplomo backup restore`.",
  "its migration tool refuses to go on": "su herramienta de migraciones se niega a seguir",
  "tables are empty, or have far fewer rows than the last backup": "hay tablas vacías, o con muchas menos filas que en la última copia",
  "A dump that was cut short was restored (206 of 7,320 rows, and nobody noticed, I8); a seed deletes (I12); or the application looks at a new, empty volume (I20).":
    "Se restauró un volcado cortado (206 de 7,320 filas, y nadie lo notó, I8); una siembra borra (I12); o la aplicación mira un volumen nuevo y vacío (I20).",
  "Write nothing more. `aplomo backup list` shows what there is; `aplomo backup restore BACKUP` puts it back beside, counts, and only then swaps.":
    "No escriba nada más. `aplomo backup list` muestra lo que hay; `aplomo backup restore BACKUP` lo restaura al lado, cuenta, y solo entonces intercambia.",
  "{}: {}, {} in backup {}": "{}: {}, y {} en la copia {}",
  "the code expects a table or column that the database lacks": "el código espera una tabla o columna que la base de datos no tiene",
  "`aplomo deploy --migrate` runs the migration even though its files are known; name it under `migrate` in aplomo.yml so that a release never starts without it.":
    "`aplomo deploy --migrate` ejecuta la migración aunque sus archivos sean conocidos; nómbrela en `migrate` de aplomo.yml para que ninguna versión arranque sin ella.",
  "the database has no {}": "la base de datos no tiene {}",
  "A migration was not run, failed while the start went on (I17), or the database was changed by hand: some requests work, others fail (I1).":
    "Una migración no se ejecutó, falló mientras el arranque seguía (I17), o la base de datos se cambió a mano: unas peticiones funcionan, otras fallan (I1).",
  "it has lost most rows of {}": "ha perdido la mayor parte de las filas de {}",
};
