import type { Catalogue } from "../../say.ts";

export const found: Catalogue = {
  "there is no compose file, ecosystem.config.js, package.json with a start script, nor a server.js":
    "no hay archivo de compose, ecosystem.config.js, package.json con un script start, ni un server.js",
  "run it in the application's folder, or write aplomo.yml by hand: docs/CONFIGURATION.md shows every key":
    "ejecútelo en la carpeta de la aplicación, o escriba aplomo.yml a mano: docs/CONFIGURATION.md muestra cada clave",
  "the health check of {}": "la comprobación de salud de {}",
  "{}: the target is docker compose, project {}": "{}: el target es docker compose, proyecto {}",
  "{}: not used, add what production needs to target.files": "{}: no se usa, añada a target.files lo que necesita producción",
  "no service yet: add them to target.services": "ningún servicio todavía: añádalos a target.services",
  "a release replaces {}": "una versión sustituye {}",
  "service {} ({}) holds data that this version cannot back up: it is left alone":
    "el servicio {} ({}) guarda datos que esta versión no sabe copiar: se deja en paz",
  "service {} ({}) stands in front and is left alone": "el servicio {} ({}) está delante y se deja en paz",
  "{}, which is a guess": "{}, y es una suposición",
  "{}: PM2 starts {}": "{}: PM2 arranca {}",
  "{} starts {} too: one aplomo.yml describes one of them": "{} arranca también {}: un aplomo.yml describe uno de ellos",
  "no port was found: 3000 is a guess": "no se encontró ningún puerto: 3000 es una suposición",
  "it listens on port {}": "escucha en el puerto {}",
  "no database was found: nothing would be backed up": "no se encontró ninguna base de datos: no se copiaría nada",
  "{}: the schema is migrated by `{}`": "{}: el esquema se migra con `{}`",
  "{}: health is asked at {}": "{}: la salud se pregunta en {}",
  "the app cannot do without {}": "la app no puede prescindir de {}",
  "{}: copy {} and fill it in": "{}: copie {} y complételo",
  "{} is not there yet": "{} todavía no está",
  "service {} runs {}: a {} database, backed up before every deploy":
    "el servicio {} ejecuta {}: una base de datos {}, copiada antes de cada despliegue",
  "{} is a SQLite database, backed up before every deploy; a release must not replace its folder":
    "{} es una base de datos SQLite, copiada antes de cada despliegue; una versión no debe sustituir su carpeta",
  "{} is the address of a PostgreSQL database": "{} es la dirección de una base de datos PostgreSQL",
  "{} is the address of a {} database": "{} es la dirección de una base de datos {}",
  "{} is the address of a MongoDB database": "{} es la dirección de una base de datos MongoDB",
  "{} is the file of a SQLite database": "{} es el archivo de una base de datos SQLite",
  "{} names a SQLite database; where its file is, is a guess":
    "{} nombra una base de datos SQLite; dónde está su archivo es una suposición",
  "package.json, script {}": "package.json, script {}",
};
