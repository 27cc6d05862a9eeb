import type { Catalogue } from "../../say.ts";

export const keys: Catalogue = {
  "the code": "el código",
  "the identity of {}": "la identidad de {}",
  "they are encrypted for {}": "están cifradas para {}",
  "Find the right key now, while the data are still there; or set backups.encrypt_to to a recipient whose key you hold.":
    "Encuentre la clave correcta ahora, mientras los datos siguen ahí; o ponga en backups.encrypt_to un destinatario cuya clave tenga.",
  "Remove it: the next check makes it anew.": "Quítelo: la próxima comprobación lo crea de nuevo.",
  "it is not an age file": "no es un archivo de age",
  "its header does not end": "su cabecera no termina",
  "it is of another version: {}": "es de otra versión: {}",
  "its header is damaged": "su cabecera está dañada",
  "the encrypted backup": "la copia cifrada",
  "it was not made for the key given ({})": "no se hizo para la clave dada ({})",
  "It was made with {}: open it with the age program.": "Se hizo con {}: ábrala con el programa age.",
  "Give the identity of the recipient that its manifest names.": "Dé la identidad del destinatario que nombra su manifiesto.",
  "its header was changed": "su cabecera se cambió",
  "{} is a key that nobody can have": "{} es una clave que nadie puede tener",
  "Take another copy of this backup, or another backup.": "Tome otro ejemplar de esta copia, u otra copia.",
  "a secret key": "una clave secreta",
  "that is the key that opens backups; it must not be on this server":
    "esa es la clave que abre las copias; no debe estar en este servidor",
  "Write the key that begins with age1 instead; it stands beside it as the public key. Make a new pair: this one was in a file.":
    "Escriba en su lugar la clave que empieza por age1; está a su lado como public key. Haga un par nuevo: este estuvo en un archivo.",
  "Write a recipient such as age-keygen or aplomo backup kit makes: age1 and 58 more characters.":
    "Escriba un destinatario como los que crean age-keygen o aplomo backup kit: age1 y 58 caracteres más.",
  "keys of ssh cannot be used, since age's own are what every age reads":
    "no se pueden usar claves de ssh, porque las propias de age son las que lee cualquier age",
  "only age's own X25519 recipients can be used, no plug-ins":
    "solo se pueden usar los destinatarios X25519 propios de age, sin complementos",
  "it is mistyped: its checksum does not fit": "está mal escrita: su suma de comprobación no cuadra",
  "it is not an age recipient": "no es un destinatario de age",
  "the identity": "la identidad",
  "there is no key in it": "no contiene ninguna clave",
  "Give the file with the line AGE-SECRET-KEY-1... of the recovery kit.":
    "Dé el archivo con la línea AGE-SECRET-KEY-1... del kit de recuperación.",
  "a line of it is no age key, or is mistyped": "una de sus líneas no es una clave de age, o está mal escrita",
  "it ends within its header": "termina dentro de su cabecera",
  "it was cut off": "está cortada",
  "it was cut off, or changed at its end": "está cortada, o cambiada al final",
  "it was changed near byte {}": "se cambió cerca del byte {}",
};
