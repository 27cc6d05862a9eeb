import type { Catalogue } from "../../say.ts";

export const data: Catalogue = {
  "CREATE INDEX CONCURRENTLY beside other statements": "CREATE INDEX CONCURRENTLY junto a otras sentencias",
  "PostgreSQL refuses it inside a transaction, and several statements sent together are one: the migration fails with P3018 and stays half applied; alone it works, hence a warning":
    "PostgreSQL lo rechaza dentro de una transacción, y varias sentencias enviadas juntas son una: la migración falla con P3018 y queda aplicada a medias; sola funciona, por eso es un aviso",
  "give it a migration of its own": "dele una migración propia",
  "the database's data goes with its container": "los datos de la base de datos se van con su contenedor",
  "{} is an anonymous volume: a new container gets a new, empty one":
    "{} es un volumen anónimo: un contenedor nuevo recibe otro nuevo y vacío",
  "name it: data:{}, and `data:` under volumes": "póngale nombre: data:{}, y `data:` en volumes",
  "{} is memory: every restart empties the database": "{} es memoria: cada reinicio vacía la base de datos",
  "mount a named volume at {}": "monte un volumen con nombre en {}",
  "PostgreSQL {} keeps its data under /var/lib/postgresql, so this volume stays empty":
    "PostgreSQL {} guarda sus datos bajo /var/lib/postgresql, así que este volumen se queda vacío",
  "mount it at /var/lib/postgresql": "móntelo en /var/lib/postgresql",
  "{} keeps its data in {}, and the volume is at {}": "{} guarda sus datos en {}, y el volumen está en {}",
  "{}, and {} keeps jobs in it": "{}, y {} guarda ahí sus tareas",
  "{} has no volume at {}": "{} no tiene ningún volumen en {}",
  "a container that is replaced takes its own files along: the next deploy, image update or `docker compose down` begins with an empty database":
    "un contenedor que se sustituye se lleva sus propios archivos: el siguiente despliegue, actualización de imagen o `docker compose down` empieza con una base de datos vacía",
  "I20: a database lay on an anonymous volume, and a redeploy replaced it":
    "I20: una base de datos estaba en un volumen anónimo, y un redespliegue lo sustituyó",
  "the first administrator has a password everybody knows": "el primer administrador tiene una contraseña que todo el mundo conoce",
  "who reads the repository signs in as the administrator of every installation where nobody changed it; it is safe where somebody did, hence a warning":
    "quien lee el repositorio entra como administrador en cada instalación donde nadie la cambió; donde alguien lo hizo no pasa nada, por eso es un aviso",
  "a password is written here for the administrator that is created": "aquí está escrita una contraseña para el administrador que se crea",
  "take it from ADMIN_PASSWORD and refuse without it, or make a random one and print it once":
    "tómela de ADMIN_PASSWORD y niéguese a seguir sin ella, o genere una al azar y muéstrela una sola vez",
  "the database is changed while the image is built": "la base de datos se cambia mientras se construye la imagen",
  "a build runs where the production database is not, or worse where it is: then the schema changes although nothing was deployed, with no backup and nothing to go back to":
    "una construcción se ejecuta donde la base de datos de producción no está o, peor, donde está: entonces cambia el esquema sin que se haya desplegado nada, sin copia y sin nada a lo que volver",
  "`{}` runs while the image is built": "`{}` se ejecuta mientras se construye la imagen",
  "take it out of the image: migrate when a release is deployed (`migrate:` in aplomo.yml), once, after a backup":
    "sáquelo de la imagen: migre al desplegar una versión (`migrate:` en aplomo.yml), una vez, después de una copia",
  "migrations go through a connection pooler": "las migraciones pasan por un pooler de conexiones",
  "Prisma takes a lock that belongs to a session, and a pooler hands sessions around: the lock stays taken or protects nothing, and the migration hangs or runs twice; often it goes well, hence a warning":
    "Prisma toma un bloqueo que pertenece a una sesión, y un pooler reparte las sesiones: el bloqueo se queda tomado o no protege nada, y la migración se cuelga o se ejecuta dos veces; a menudo va bien, por eso es un aviso",
  "{} leads to a pooler, and there is no directUrl for migrations": "{} lleva a un pooler, y no hay ningún directUrl para las migraciones",
  'add directUrl = env("DIRECT_URL") with the database\'s own address':
    'añada directUrl = env("DIRECT_URL") con la dirección de la propia base de datos',
  "the pooler": "el pooler",
  "a sentence of a tool decides whether to migrate": "la frase de una herramienta decide si se migra",
  "the words a tool prints change with its version: the next update makes grep miss them, and migrations are skipped in silence, or run when they should not; it works until then, hence a warning":
    "las palabras que imprime una herramienta cambian con su versión: con la próxima actualización grep ya no las encuentra, y las migraciones se saltan en silencio o se ejecutan cuando no deben; hasta entonces funciona, por eso es un aviso",
  "`grep` reads what `{}` prints, and decides by it": "`grep` lee lo que imprime `{}`, y decide por ello",
  "run the deploy command every time: it does nothing when there is nothing to do; or ask by exit code":
    "ejecute siempre el comando de despliegue: no hace nada cuando no hay nada que hacer; o pregunte por el código de salida",
  "a command for developers changes the production database": "un comando para desarrolladores cambia la base de datos de producción",
  "`migrate dev` and `migrate reset` may drop every table, `db push --accept-data-loss` drops columns with their data, and each start does it again":
    "`migrate dev` y `migrate reset` pueden borrar todas las tablas, `db push --accept-data-loss` borra columnas con sus datos, y cada arranque lo repite",
  "may reset the database": "puede vaciar la base de datos",
  "deletes all data": "borra todos los datos",
  "drops columns and tables with their data": "borra columnas y tablas con sus datos",
  "changes the schema without a migration: nothing says what it did, and nothing goes back":
    "cambia el esquema sin una migración: nada dice lo que hizo, y no hay vuelta atrás",
  "{} runs at every start of {}, and {}": "{} se ejecuta en cada arranque de {}, y {}",
  "write migrations with the tool's development command on your machine, commit them, and run only its deploy command here: prisma migrate deploy, drizzle-kit migrate":
    "escriba las migraciones con el comando de desarrollo de la herramienta en su máquina, haga commit de ellas y ejecute aquí solo su comando de despliegue: prisma migrate deploy, drizzle-kit migrate",
  "a failed migration is passed over": "se pasa por alto una migración que ha fallado",
  "`|| true` makes a failure look like success, and `|| prisma db push` then changes the schema by guess, past every migration: columns are dropped, and later migrations cannot be applied any more":
    "`|| true` hace que un fallo parezca un éxito, y `|| prisma db push` cambia después el esquema a ojo, saltándose las migraciones: se borran columnas, y las migraciones posteriores ya no se pueden aplicar",
  "let it fail: the container then stops and says why, and the release before goes on serving":
    "deje que falle: el contenedor se para entonces y dice por qué, y la versión anterior sigue en servicio",
  "when {} fails, `{}` changes the schema past all migrations": "cuando {} falla, `{}` cambia el esquema saltándose todas las migraciones",
  "a failure of {} is passed over: `|| {}`": "se pasa por alto un fallo de {}: `|| {}`",
  "let the migration's failure stop the start": "que el fallo de la migración detenga el arranque",
  "when {} fails, the script says so and goes on": "cuando {} falla, el script lo dice y sigue adelante",
  "without its database the application uses a made-up one": "sin su base de datos la aplicación usa una inventada",
  "when the address is missing or wrong the application seems to work: people enter data into memory, and the next restart takes it away":
    "cuando la dirección falta o está mal, la aplicación parece funcionar: la gente guarda datos en memoria, y el siguiente reinicio se los lleva",
  "I3: an application ran silently on a mock database in production":
    "I3: una aplicación funcionó en silencio con una base de datos simulada en producción",
  "without the variable {} takes the database's place, in production too":
    "sin la variable, {} ocupa el lugar de la base de datos, también en producción",
  "refuse to start without the variable; let only tests choose the other one":
    "niéguese a arrancar sin la variable; que solo las pruebas elijan la otra",
  "PostgreSQL asks nobody for a password": "PostgreSQL no pide contraseña a nadie",
  "with `trust` everybody who reaches the database is its superuser: any container of the network, and the world where its port is published":
    "con `trust`, quien llegue a la base de datos es su superusuario: cualquier contenedor de la red, y el mundo entero si su puerto está publicado",
  "{} lets everybody in without a password": "{} deja entrar a cualquiera sin contraseña",
  "remove the line and set POSTGRES_PASSWORD; a data folder that exists keeps its pg_hba.conf, so change it there too":
    "quite la línea y defina POSTGRES_PASSWORD; una carpeta de datos que ya existe conserva su pg_hba.conf, así que cámbielo también ahí",
  "migrations are for another kind of database": "las migraciones son para otro tipo de base de datos",
  "`prisma migrate deploy` refuses (P3019) when migration_lock.toml names another provider than the schema: no release can be migrated any more":
    "`prisma migrate deploy` se niega (P3019) cuando migration_lock.toml nombra otro proveedor que el esquema: ya no se puede migrar ninguna versión",
  "the schema is for {}, and its migrations are for {}": "el esquema es para {}, y sus migraciones son para {}",
  "the migrations": "las migraciones",
  "start migrations anew for this provider: move the folder away and run prisma migrate dev once":
    "empiece de nuevo las migraciones para este proveedor: aparte la carpeta y ejecute una vez prisma migrate dev",
  "the schema names what no migration creates": "el esquema nombra algo que ninguna migración crea",
  "I1: code expected a column that production lacked": "I1: el código esperaba una columna que en producción no existía",
  "run `prisma migrate dev --name ...` on your machine and commit what it writes":
    "ejecute `prisma migrate dev --name ...` en su máquina y haga commit de lo que escribe",
  "no migration creates the table {}": "ninguna migración crea la tabla {}",
  "no migration creates {}.{}": "ninguna migración crea {}.{}",
  "the code asks for a table or column that production does not have: P2021 or P2022 at the first request; tables that others made are known only to the database, hence a warning":
    "el código pide una tabla o columna que producción no tiene: P2021 o P2022 en la primera petición; las tablas que crearon otros solo las conoce la base de datos, por eso es un aviso",
  "Redis may throw jobs away": "Redis puede tirar tareas",
  "with an eviction policy Redis removes keys when memory is short, and jobs of a queue are keys: they vanish without a word; only under pressure, hence a warning":
    "con una política de expulsión Redis quita claves cuando falta memoria, y las tareas de una cola son claves: desaparecen sin decir nada; solo bajo presión, por eso es un aviso",
  "{} removes keys ({}) when memory is short, and {} keeps its jobs there":
    "{} quita claves ({}) cuando falta memoria, y {} guarda ahí sus tareas",
  "write --maxmemory-policy noeviction, and keep caches in another Redis":
    "escriba --maxmemory-policy noeviction, y tenga las cachés en otro Redis",
  "the seed deletes data": "la siembra borra datos",
  "a seed that empties tables first is for developers; where it runs at a start or deploy, it deletes what people entered since":
    "una siembra que primero vacía las tablas es para desarrolladores; donde se ejecuta al arrancar o al desplegar, borra lo que la gente ha guardado desde entonces",
  "I12: a seed deleted all users at each deploy": "I12: una siembra borraba todos los usuarios en cada despliegue",
  "`{}` deletes what is there, and this seed runs when the application starts":
    "`{}` borra lo que hay, y esta siembra se ejecuta cuando arranca la aplicación",
  "`{}`: this seed deletes what is there; it must never run in production":
    "`{}`: esta siembra borra lo que hay; no debe ejecutarse nunca en producción",
  "look each row up before creating it (upsert), and delete nothing; for developers keep a reset of its own":
    "busque cada fila antes de crearla (upsert), y no borre nada; para desarrolladores tenga un reinicio de datos aparte",
  "the seed runs at every start": "la siembra se ejecuta en cada arranque",
  "each restart writes the first data again: deleted rows come back, changed ones are overwritten, and two replicas do it at once; one that only adds what is missing is harmless, hence a warning":
    "cada reinicio vuelve a escribir los primeros datos: las filas borradas regresan, las cambiadas se sobrescriben, y dos réplicas lo hacen a la vez; una que solo añade lo que falta es inofensiva, por eso es un aviso",
  "I12: a seed ran at each deploy, and deleted users": "I12: una siembra se ejecutaba en cada despliegue, y borró usuarios",
  "run it once, when the database is empty: `seed:` in aplomo.yml, or seed() of @aplomo/runtime, which only adds what is missing":
    "ejecútela una vez, con la base de datos vacía: `seed:` en aplomo.yml, o seed() de @aplomo/runtime, que solo añade lo que falta",
  "a migration deletes data": "una migración borra datos",
  "what it drops is gone when the release is taken back, and the release before, which still runs, asks for it; it may be meant, hence a warning; only the newest migration is looked at, those before have run":
    "lo que borra ya no está cuando se deshace la versión, y la anterior, que sigue en marcha, lo pide; puede ser a propósito, por eso es un aviso; solo se mira la migración más nueva, las anteriores ya se ejecutaron",
  "drops the table {}": "borra la tabla {}",
  "drops a column with its data": "borra una columna con sus datos",
  "empties a table": "vacía una tabla",
  "deletes every row of a table": "borra todas las filas de una tabla",
  "this migration {}": "esta migración {}",
  "release the code that no longer needs it first, and drop it in a later release; an invariant in aplomo.yml (never_falls) stops a deploy that loses rows":
    "publique primero el código que ya no lo necesita, y bórrelo en una versión posterior; un invariante en aplomo.yml (never_falls) detiene un despliegue que pierde filas",
  "a migration holds up everybody else": "una migración detiene a todos los demás",
  "writes to {} wait until this index is built": "las escrituras en {} esperan hasta que este índice esté construido",
  "on a large table build it with CREATE INDEX CONCURRENTLY, alone in its migration":
    "en una tabla grande constrúyalo con CREATE INDEX CONCURRENTLY, solo en su migración",
  "a column that must not be empty has no default: this fails when {} has rows":
    "una columna que no puede estar vacía no tiene valor por defecto: falla cuando {} tiene filas",
  "add it with a default, or empty first, filled in, and then NOT NULL":
    "añádala con un valor por defecto, o primero vacía, después rellena y luego NOT NULL",
  "CREATE INDEX stops all writes to its table while it works, and a column that must not be empty fails where rows exist; on small tables nobody notices, hence info":
    "CREATE INDEX detiene todas las escrituras de su tabla mientras trabaja, y una columna que no puede estar vacía falla donde hay filas; en tablas pequeñas nadie lo nota, por eso es información",
  "CONCURRENTLY stands beside {} in one migration": "CONCURRENTLY está junto a {} en una misma migración",
};
