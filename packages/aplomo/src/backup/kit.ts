import { Secret } from "../base/secret.ts";
import { newIdentity } from "./encryption-keys.ts";

/** What the kit is for. */
export interface KitSubject {
  app: string;
  /** The databases of aplomo.yml, with their engine. */
  databases: readonly { name: string; engine: string }[];
  directory: string;
  /** Names of the stores that hold copies. */
  stores: readonly string[];
}

export interface Kit {
  /** What `backups.encrypt_to` gets. */
  recipient: string;
  /** The page to print and lock away. It holds the key: whoever calls shows it once, to a person, and keeps it nowhere. */
  text: Secret;
}

/** Makes a pair of keys and the page a person needs who has nothing else left: neither this server nor Aplomo. */
export function newKit(subject: KitSubject, now: Date): Kit {
  const { identity, recipient } = newIdentity();
  return { recipient, text: new Secret(kitText(subject, recipient, identity, now)) };
}

const intoMariadb = (name: string): string[] => [`mariadb -e 'CREATE DATABASE ${name}_new'`, `... | mariadb ${name}_new`];
const restores: Record<string, (name: string) => string[]> = {
  postgres: (name) => [`createdb ${name}_new`, `... | psql -X -1 -v ON_ERROR_STOP=1 -d ${name}_new`],
  sqlite: (name) => [`... > ${name}.sqlite`],
  mongodb: (name) => [`... | mongorestore --archive --nsFrom='$db$.$name$' --nsTo='${name}_new.$name$'`],
  mariadb: intoMariadb,
  mysql: intoMariadb,
};

function kitText({ app, databases, directory, stores }: KitSubject, recipient: string, identity: Secret, now: Date): string {
  const places = [directory, ...stores].map((place) => `  ${place}`);
  const steps = databases.flatMap(({ name, engine }) => [
    `  ${name} (${engine}):`,
    ...(restores[engine] ?? (() => ["... into the engine's own tool"]))(name).map((line) => `    ${line}`),
  ]);
  return [
    `Recovery kit of ${app}, ${now.toISOString().slice(0, 10)}`,
    "",
    "Who has this page can read every backup; who loses it, and every copy of it, can read none. Print it twice, keep it in two",
    "places that do not burn together, and delete the file. Aplomo has not kept the key.",
    "",
    "The key, to be typed or scanned into a file key.txt:",
    "",
    `  ${identity.reveal()}`,
    "",
    `It opens what is encrypted for ${recipient}`,
    "",
    "The backups are in:",
    ...places,
    "in a folder for each database and tier. A backup is a file, its .sha256 and its .manifest.json (what it holds: tables, rows, versions).",
    "",
    "To restore without Aplomo, on any machine with age, zstd (or gzip) and the database's own tools:",
    "",
    "  sha256sum -c FILE.sha256",
    "  age -d -i key.txt FILE.zst.age | zstd -d ...          (for .gz.age: gzip -d)",
    "",
    "where ... goes on, for",
    ...steps,
    "Then count: the manifest has the rows of each table.",
    "",
    "Try it today: age -d -i key.txt key-check-" + recipient.slice(-8) + ".age shows a code; tell it with aplomo check --key-code.",
    "",
  ].join("\n");
}
