import type { Catalogue } from "../../say.ts";

export const environment: Catalogue = {
  "a unit has another environment than the env file": "una unidad tiene otro entorno que el archivo",
  "The file was changed and the unit only restarted, which keeps the old environment; or compose did not hand the variable on, and the program has it empty (I18, S5.5).":
    "El archivo cambió y la unidad solo se reinició, lo que conserva el entorno viejo; o compose no pasó la variable, y al programa le llega vacía (I18, S5.5).",
  "`aplomo deploy`: it makes the units anew and proves that the values inside are the ones meant.":
    "`aplomo deploy`: crea las unidades de nuevo y comprueba que los valores de dentro son los previstos.",
  "another value inside": "dentro tiene otro valor",
  "empty inside": "dentro está vacía",
  "not inside": "dentro no está",
  "it does not have the environment that the files give it by now": "no tiene el entorno que los archivos le dan ahora",
  "the old image still runs": "sigue en marcha la imagen vieja",
  "A new image was pulled or built under the same name, and the container only restarted: a restart keeps the image it was made from (I10).":
    "Se descargó o construyó una imagen nueva con el mismo nombre, y el contenedor solo se reinició: un reinicio conserva la imagen con la que se creó (I10).",
  "`aplomo deploy`: it makes the containers anew from the image meant, by its digest.":
    "`aplomo deploy`: crea los contenedores de nuevo con la imagen prevista, por su digest.",
  "it runs {}; {} is {} by now": "ejecuta {}; {} es ahora {}",
  "it does not run what is meant": "no ejecuta lo previsto",
  "a list is written in another format than the application reads": "una lista está escrita en otro formato que el que lee la aplicación",
  '`A,B` where it parses JSON, or `["A"]` where it splits at commas: the one ends it at its start, the other gives it one host named `["A"]`, and every request is refused (I7).':
    '`A,B` donde interpreta JSON, o `["A"]` donde parte por comas: lo uno la termina al arrancar, lo otro le da un host llamado `["A"]`, y se rechazan todas las peticiones (I7).',
  "Write it as the application reads it, and say so in aplomo.yml (`env.require.NAME.list: csv` or json): a deploy then checks it beforehand.":
    "Escríbala como la lee la aplicación, y dígalo en aplomo.yml (`env.require.NAME.list: csv` o json): un despliegue lo comprueba entonces de antemano.",
  "it cannot read the list {}": "no puede leer la lista {}",
  "a variable the application needs is missing or empty": "una variable que la aplicación necesita falta o está vacía",
  "It is not in the env file, or it never reached the program: compose reads `.env` for its own files alone and hands on only what they name (I18).":
    "No está en el archivo de entorno, o no le llegó al programa: compose lee `.env` solo para sus propios archivos y pasa únicamente lo que estos nombran (I18).",
  "Set it in the env file, see that the service gets it (env_file or environment), and deploy: a restart keeps the old environment.":
    "Defínala en el archivo de entorno, mire que le llegue al servicio (env_file o environment), y despliegue: un reinicio conserva el entorno viejo.",
  "it says that it lacks {}": "dice que le falta {}",
  "a secret is too short, or a placeholder": "un secreto es demasiado corto, o un valor de relleno",
  "Frameworks refuse a short key only when they start, which is after the old release was stopped: a crash loop (I6).":
    "Los frameworks rechazan una clave corta solo al arrancar, es decir, después de parar la versión anterior: un bucle de caídas (I6).",
  "Make a new one: `openssl rand -hex 32`; write it into the env file and deploy.":
    "Cree uno nuevo: `openssl rand -hex 32`; escríbalo en el archivo de entorno y despliegue.",
  "it says that {} is too short": "dice que {} es demasiado corto",
  "a variable breaks its contract": "una variable incumple su contrato",
  "aplomo.yml says what it must be like (env.require), or that it must not be set (env.forbid), and the env file has it otherwise.":
    "aplomo.yml dice cómo debe ser (env.require), o que no debe estar definida (env.forbid), y en el archivo de entorno está de otra manera.",
  "Correct the env file, or the contract; `aplomo check` shows both.":
    "Corrija el archivo de entorno, o el contrato; `aplomo check` muestra los dos.",
};
