import type { Catalogue } from "../../say.ts";

export const stores: Catalogue = {
  "it is empty": "está vacío",
  "it has {}, and should have {}": "tiene {}, y debería tener {}",
  "Check the backup: aplomo backup verify.": "Compruebe la copia: aplomo backup verify.",
  "{} holds other bytes than were sent (SHA-256 {} instead of {})": "{} contiene otros bytes que los enviados (SHA-256 {} en lugar de {})",
  "{} holds {} bytes of {}": "{} contiene {} bytes de {}",
  "Check the disk there. It was removed and is sent anew at the next run.":
    "Compruebe el disco de ahí. Se quitó, y se envía de nuevo en la próxima ejecución.",
  "a name is a relative path of parts with at most {} bytes each, without control characters and backslashes":
    "un nombre es una ruta relativa con partes de como mucho {} bytes cada una, sin caracteres de control ni barras invertidas",
  "Mount the disk, or make the folder.": "Monte el disco, o cree la carpeta.",
  "it is on the same disk as Aplomo's own folder, so a copy there would be lost with it":
    "está en el mismo disco que la carpeta del propio Aplomo, así que una copia ahí se perdería con él",
  "Mount the other disk there. If this is meant, set same_disk: true.":
    "Monte ahí el otro disco. Si es a propósito, ponga same_disk: true.",
  "Free space there, or keep fewer backups.": "Libere ahí espacio, o conserve menos copias.",
  "This file system does not take files of that size: use another.": "Este sistema de archivos no admite archivos de ese tamaño: use otro.",
  "Give the user that Aplomo runs as the right to write there.": "Dé al usuario con el que se ejecuta Aplomo permiso para escribir ahí.",
  "The disk is mounted read-only, often after a fault: check it.":
    "El disco está montado como solo lectura, a menudo tras un fallo: compruébelo.",
  "Check access_key: this server does not know it.": "Compruebe access_key: este servidor no la conoce.",
  "Check secret_key, and region.": "Compruebe secret_key, y region.",
  "Give this key the right to list, read, write and delete in the bucket.":
    "Dé a esta clave permiso para listar, leer, escribir y borrar en el bucket.",
  "Use keys that last: these were temporary ones.": "Use claves que duren: estas eran temporales.",
  "Set this server's clock: it differs by more than a quarter of an hour.":
    "Ponga en hora el reloj de este servidor: difiere más de un cuarto de hora.",
  "Make the bucket, or check its name and the endpoint.": "Cree el bucket, o compruebe su nombre y el endpoint.",
  "Set region and endpoint to those of the bucket.": "Ponga region y endpoint de acuerdo con el bucket.",
  "Set region to that of the bucket.": "Ponga region de acuerdo con el bucket.",
  "Raise the bucket's quota, or keep fewer backups.": "Suba la cuota del bucket, o conserve menos copias.",
  "Raise the quota, or keep fewer backups.": "Suba la cuota, o conserve menos copias.",
  "This server does not take files of that size.": "Este servidor no admite archivos de ese tamaño.",
  "Check the keys and what they may do.": "Compruebe las claves y lo que pueden hacer.",
  "{} (the bucket is in {})": "{} (el bucket está en {})",
  "the bucket": "el bucket",
  "neither access_key and secret_key, nor AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a profile {} in {}":
    "ni access_key y secret_key, ni AWS_ACCESS_KEY_ID y AWS_SECRET_ACCESS_KEY, ni un perfil {} en {}",
  "Set access_key: ${S3_ACCESS_KEY} and secret_key: ${S3_SECRET_KEY} in aplomo.yml and the two variables in the environment.":
    "Ponga access_key: ${S3_ACCESS_KEY} y secret_key: ${S3_SECRET_KEY} en aplomo.yml y las dos variables en el entorno.",
  "no byte for {} s": "ningún byte en {} s",
  "the answer is longer than any S3 gives": "la respuesta es más larga que cualquiera de S3",
  "there is no more": "no hay más",
  "permission denied": "permiso denegado",
  "Give the user there the right to write in the folder.": "Dé al usuario de ahí permiso para escribir en la carpeta.",
  "the server does not know how": "el servidor no sabe cómo",
  "the server said no": "el servidor dijo que no",
  "The server is not the one it was. Find out why before you remove its line from known_hosts.":
    "El servidor no es el que era. Averigüe por qué antes de quitar su línea de known_hosts.",
  "Connect once by hand with ssh, as the user Aplomo runs as, and compare the key.":
    "Conéctese una vez a mano con ssh, como el usuario con el que se ejecuta Aplomo, y compare la clave.",
  "Give the user Aplomo runs as a key that the server accepts; no password is ever asked for.":
    "Dé al usuario con el que se ejecuta Aplomo una clave que el servidor acepte; nunca se pide una contraseña.",
  "Turn SFTP on there: Subsystem sftp internal-sftp in sshd_config.": "Active SFTP ahí: Subsystem sftp internal-sftp en sshd_config.",
  "Mend the ssh configuration.": "Arregle la configuración de ssh.",
  "Check the host's name.": "Compruebe el nombre del host.",
  "there is no ssh program": "no hay programa ssh",
  "Install it: apt install openssh-client.": "Instálelo: apt install openssh-client.",
  "the connection ended": "la conexión terminó",
  "the connection was closed": "la conexión se cerró",
  "the disk there is full": "el disco de ahí está lleno",
  "Make the folder there, or correct directory.": "Cree ahí la carpeta, o corrija directory.",
  "there is no such folder": "no existe esa carpeta",
  "the server sent a packet that is too short": "el servidor envió un paquete demasiado corto",
  "the server sent something that is not SFTP; does its login print a text?":
    "el servidor envió algo que no es SFTP; ¿imprime un texto al iniciar sesión?",
};
