import type { Catalogue } from "../../say.ts";

export const environment: Catalogue = {
  "compose does not read the env file where it is": "compose no lee el archivo de entorno donde está",
  "compose reads the .env beside its first file and no other: variables of one that lies elsewhere are empty, and the application starts with empty secrets":
    "compose lee el .env que está junto a su primer archivo y ningún otro: las variables de uno que está en otro sitio quedan vacías, y la aplicación arranca con secretos vacíos",
  "I18: .env was not where compose looks, and secrets were empty":
    "I18: el .env no estaba donde compose lo busca, y los secretos quedaron vacíos",
  "{} is in {}, which compose does not read: beside {} there is no .env":
    "{} está en {}, que compose no lee: junto a {} no hay ningún .env",
  "start it with --env-file {}, move the file, or write ${{}:?set it in .env} so that compose refuses instead":
    "arránquelo con --env-file {}, mueva el archivo, o escriba ${{}:?set it in .env} para que compose se niegue",
  "the application reads a variable that nobody is told of": "la aplicación lee una variable de la que nadie sabe nada",
  "whoever sets the server up follows the example file; a variable it does not name is undefined in production, often far from where it matters; many are optional, hence info; one that is a secret and has no default is a warning":
    "quien prepara el servidor sigue el archivo de ejemplo; una variable que no aparece en él queda sin definir en producción, a menudo lejos de donde importa; muchas son opcionales, por eso es información; una que es un secreto y no tiene valor por defecto es un aviso",
  "{} is read here, and {} does not name it": "{} se lee aquí, y {} no la nombra",
  "add {}= to {} with a word on what it is for, or give it a default here":
    "añada {}= a {} con una palabra sobre para qué es, o dele aquí un valor por defecto",
  "a list is written one way and read another": "una lista se escribe de una manera y se lee de otra",
  "`A,B` is no JSON: the application ends at its first line; and JSON split at its commas gives names with brackets and quotes in them, which match nothing: every request is refused":
    "`A,B` no es JSON: la aplicación termina en su primera línea; y JSON partido por sus comas da nombres con corchetes y comillas que no coinciden con nada: se rechazan todas las peticiones",
  "I7: a list of hosts was JSON where the application read comma-separated values":
    "I7: una lista de hosts era JSON donde la aplicación leía valores separados por comas",
  "{} is comma-separated here, and the application reads JSON": "{} está aquí separada por comas, y la aplicación lee JSON",
  "{} is JSON here, and the application splits it at its commas": "{} es aquí JSON, y la aplicación la parte por sus comas",
  'write {}=["a","b"], or split at commas in the code': 'escriba {}=["a","b"], o parta por comas en el código',
  "write {}=a,b without brackets and quotes": "escriba {}=a,b sin corchetes ni comillas",
  "read here": "se lee aquí",
  "a secret stands in the compose file": "hay un secreto en el archivo de compose",
  "everybody with the code has it, it is the same everywhere, and changing it takes a commit; an application that signs sessions with a secret the world can read is open, and then it is an error":
    "lo tiene cualquiera que tenga el código, es igual en todas partes y cambiarlo exige un commit; una aplicación que firma sesiones con un secreto que todo el mundo puede leer está abierta, y entonces es un error",
  "{}, one that everybody can guess": "{}, uno que cualquiera puede adivinar",
  "{} has its value written here": "{} tiene aquí escrito su valor",
  "{} has a password written in the address": "{} tiene una contraseña escrita en la dirección",
  "write ${{}:?set it in .env}, and put the value into the env file":
    "escriba ${{}:?set it in .env}, y ponga el valor en el archivo de entorno",
  "take the password from the env file: ${...:?set it in .env}": "tome la contraseña del archivo de entorno: ${...:?set it in .env}",
  "the application runs in development mode unless somebody says otherwise":
    "la aplicación se ejecuta en modo de desarrollo si nadie dice lo contrario",
  "without NODE_ENV=production frameworks are slow and show errors to visitors; where the code checks its secrets only in production, that check is off, and then it is an error":
    "sin NODE_ENV=production los frameworks son lentos y enseñan los errores a los visitantes; donde el código solo comprueba sus secretos en producción, esa comprobación está apagada, y entonces es un error",
  "{} when the variable is not set": "{} cuando la variable no está definida",
  "{} runs with NODE_ENV=development": "{} se ejecuta con NODE_ENV=development",
  "write NODE_ENV: production here, and development in an override file of developers":
    "escriba aquí NODE_ENV: production, y development en un archivo aparte para desarrolladores",
  "this check is off then": "esta comprobación está entonces apagada",
  "a secret has a default": "un secreto tiene un valor por defecto",
  "when the variable is missing nobody hears of it: the application runs with a secret that everybody can read in the repository, and whoever knows it signs in as anybody":
    "cuando la variable falta nadie se entera: la aplicación funciona con un secreto que cualquiera puede leer en el repositorio, y quien lo conoce entra como quien quiera",
  "when {} is not set, {} is a value that stands in this file": "cuando {} no está definida, {} es un valor que está en este archivo",
  "write ${{}:?set it in .env}: then compose refuses to start without it":
    "escriba ${{}:?set it in .env}: así compose se niega a arrancar sin ella",
  "I11: a missing variable was replaced by an insecure default in production, and nobody noticed":
    "I11: una variable que faltaba se sustituyó por un valor por defecto inseguro en producción, y nadie lo notó",
  "the start writes secrets into the log": "el arranque escribe secretos en el registro",
  "logs are kept, shipped and read by more people than may know the password, and what stands in them once cannot be taken back":
    "los registros los guardan, envían y leen más personas de las que pueden conocer la contraseña, y lo que queda escrito en ellos ya no se recupera",
  "`set -x` prints every command with its values, secrets included": "`set -x` imprime cada comando con sus valores, secretos incluidos",
  "prints a secret": "imprime un secreto",
  "`{}` prints the whole environment, every secret in it": "`{}` imprime el entorno entero, con todos sus secretos",
  "`{}` prints {} into the log": "`{}` imprime {} en el registro",
  "remove it, or print the names alone": "quítelo, o imprima solo los nombres",
  "remove it, or say only whether it is set": "quítelo, o diga solo si está definida",
  "a password is put into an address as it is": "una contraseña se mete en una dirección tal cual",
  "a password with @, /, # or % breaks the address, or names another host; only passwords of letters and digits work, hence info":
    "una contraseña con @, /, # o % rompe la dirección, o nombra otro host; solo funcionan las de letras y cifras, por eso es información",
  "{} goes into an address as it is": "{} entra en una dirección tal cual",
  "give the whole address as one variable with the password percent-encoded, or encode it here":
    "dé la dirección entera en una variable con la contraseña codificada con %, o codifíquela aquí",
  "a variable's default is written wrongly": "el valor por defecto de una variable está mal escrito",
  "`${NAME?:-x}` is read as: refuse without NAME, with the message `:-x`; the default is never used, and compose does not start":
    "`${NAME?:-x}` se lee como: niégate sin NAME, con el mensaje `:-x`; el valor por defecto no se usa nunca, y compose no arranca",
  "compose does not know `{}` in ${{}{}...}": "compose no conoce `{}` en ${{}{}...}",
  "${{}{}...} has no default: what is behind the ? is its error message":
    "${{}{}...} no tiene valor por defecto: lo que está detrás del ? es su mensaje de error",
  "write ${{}:-...} for a default, or ${{}:?...} to refuse without it":
    "escriba ${{}:-...} para un valor por defecto, o ${{}:?...} para negarse sin ella",
};
