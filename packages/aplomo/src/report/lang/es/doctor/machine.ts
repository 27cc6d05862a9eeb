import type { Catalogue } from "../../say.ts";

export const machine: Catalogue = {
  "this machine's clock is wrong": "el reloj de esta máquina está mal",
  "Tokens are refused, certificates are not valid yet, and backups of the future are never old: retention and schedules go by the clock.":
    "Se rechazan tokens, los certificados todavía no valen, y las copias del futuro nunca son viejas: la conservación y los horarios van según el reloj.",
  "`timedatectl` shows whether it is synchronised; turn that on: `timedatectl set-ntp true`.":
    "`timedatectl` muestra si está sincronizado; actívelo: `timedatectl set-ntp true`.",
  "the last deployment or backup is in the future": "el último despliegue o la última copia está en el futuro",
  "{} from now": "dentro de {}",
  "the server at {} has another time": "el servidor en {} tiene otra hora",
  "the disk is full": "el disco está lleno",
  "Images, logs without a limit and backups grow until nothing can be written: databases stop, and what writes half a file loses it.":
    "Imágenes, registros sin límite y copias crecen hasta que no se puede escribir nada: las bases de datos se paran, y quien escribe medio archivo lo pierde.",
  "See what takes it: `du -xh --max-depth=2 / | sort -h | tail`, `docker system df`. `aplomo backup prune` removes what retention does not keep; give logs a limit.":
    "Mire qué lo ocupa: `du -xh --max-depth=2 / | sort -h | tail`, `docker system df`. `aplomo backup prune` borra lo que la conservación no guarda; ponga un límite a los registros.",
  "{} of {} are free": "quedan libres {} de {}",
  "there lie {}": "ahí están: {}",
  "it has no room to write": "no tiene sitio para escribir",
  "the disk can hold no more files": "en el disco no caben más archivos",
  "The file system has room, and no inode left: sessions, caches and mail queues of many small files. `df -h` looks fine, every write says that the disk is full.":
    "Al sistema de archivos le queda sitio, y ningún inodo: sesiones, cachés y colas de correo de muchos archivos pequeños. `df -h` parece bien, y cada escritura dice que el disco está lleno.",
  "`df -i` shows it; `du --inodes -x / | sort -n | tail` finds the folder. Remove what has aged there.":
    "`df -i` lo muestra; `du --inodes -x / | sort -n | tail` encuentra la carpeta. Borre lo que se ha quedado viejo ahí.",
  "{} of {} files can still be made": "todavía se pueden crear {} de {} archivos",
  "it may open no more files": "no puede abrir más archivos",
  "Connections and files that are never closed, or a limit that is too low for its load: new connections are refused while old ones go on.":
    "Conexiones y archivos que nunca se cierran, o un límite demasiado bajo para su carga: se rechazan conexiones nuevas mientras las viejas siguen.",
  "Look for what is not closed (`ls /proc/PID/fd | wc -l` grows); or raise the limit: ulimits in compose, LimitNOFILE in systemd.":
    "Busque lo que no se cierra (`ls /proc/PID/fd | wc -l` crece); o suba el límite: ulimits en compose, LimitNOFILE en systemd.",
  "it has too many files open": "tiene demasiados archivos abiertos",
  "it writes to a file system that is read-only": "escribe en un sistema de archivos de solo lectura",
  "Mount a volume or a tmpfs where it writes. When the whole disk is read-only: `dmesg`, then check the disk, and take a backup first.":
    "Monte un volumen o un tmpfs donde escribe. Si el disco entero es de solo lectura: `dmesg`, después compruebe el disco, y antes haga una copia.",
  "it cannot write {}": "no puede escribir {}",
  "it cannot write": "no puede escribir",
  "The container or mount is read-only on purpose (read_only, :ro), or the kernel made the disk so after an error: then every program on the machine has it.":
    "El contenedor o el montaje es de solo lectura a propósito (read_only, :ro), o el kernel puso así el disco tras un error: entonces le pasa a cada programa de la máquina.",
  "Back up now: `aplomo backup run`. Then give the data a named volume in the compose file, and restore into it.":
    "Haga ya una copia: `aplomo backup run`. Después dé a los datos un volumen con nombre en el archivo de compose, y restaure en él.",
  "its data is on an anonymous volume": "sus datos están en un volumen anónimo",
  "its data is in the container itself": "sus datos están en el propio contenedor",
  "a database's data is on a volume without a name, or on none":
    "los datos de una base de datos están en un volumen sin nombre, o en ninguno",
  "The next container gets another one: the data is still on the disk, and nobody sees it. `docker compose down -v` and a clean-up remove it for good (I20).":
    "El próximo contenedor recibe otro: los datos siguen en el disco, y nadie los ve. `docker compose down -v` y una limpieza los borran para siempre (I20).",
  "it may not write where it must": "no puede escribir donde debe",
  "The image runs as a user of its own (S3.1), and the volume or folder belongs to root or to the user of an earlier image: volumes keep their owner.":
    "La imagen se ejecuta con su propio usuario (S3.1), y el volumen o la carpeta es de root o del usuario de una imagen anterior: los volúmenes conservan su dueño.",
  "Give it the folder once: `docker run --rm -v VOLUME:/data IMAGE chown -R UID /data`, as root; in the image COPY with --chown.":
    "Dele la carpeta una vez: `docker run --rm -v VOLUME:/data IMAGE chown -R UID /data`, como root; en la imagen, COPY con --chown.",
  "it runs as user {}": "se ejecuta como el usuario {}",
  "it may not use {}": "no puede usar {}",
  "{} {} is mounted at {}": "{} {} está montado en {}",
};
