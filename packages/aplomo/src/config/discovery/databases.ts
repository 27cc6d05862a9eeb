import { open } from "node:fs/promises";
import { join } from "node:path";
import { kindOf, type ComposeFind } from "./compose.ts";
import type { Folder } from "./folder.ts";

export interface DatabaseFind {
  /** Its name in aplomo.yml. */
  name: string;
  engine: "postgres" | "mariadb" | "mysql" | "mongodb" | "sqlite";
  /** The key that says where it is, and its value. */
  key: "service" | "url" | "file";
  place: string;
  /** What it is called on its server, where the service does not tell. */
  called?: { name: string; guess: boolean };
  guess: boolean;
  /** A sentence for the reader. */
  reason: string;
}

const titles = { postgres: "PostgreSQL", mariadb: "MariaDB", mysql: "MySQL", mongodb: "MongoDB" };

/** Databases, by the images of services, the variables that hold an address, and the files that are one. */
export async function findDatabases(
  folder: Folder,
  app: string,
  compose: ComposeFind | undefined,
  values: ReadonlyMap<string, string>,
): Promise<DatabaseFind[]> {
  const services = (compose?.services ?? []).flatMap((service) => {
    const kind = kindOf(service);
    return kind in titles ? [{ ...service, engine: kind as keyof typeof titles }] : [];
  });
  const inServices = services.map(({ name, image, engine }): DatabaseFind => {
    const reason = `service ${name} runs ${image}: a ${titles[engine]} database, backed up before every deploy`;
    const found: DatabaseFind = { name: services.length === 1 ? app : name, engine, key: "service", place: name, guess: false, reason };
    return engine === "mongodb" ? { ...found, called: nameAt(name, values) ?? { name: app, guess: true } } : found;
  });
  if (inServices.length > 0) return unique(inServices);
  const named = [...values].flatMap(([variable, value]) => byVariable(app, variable, value));
  if (named.length > 0) return unique(named.slice(0, 1));
  const files = await folder.files(/\.(db|sqlite3?)$/);
  const real: DatabaseFind[] = [];
  for (const file of files.slice(0, 20)) {
    if (!(await isSqlite(join(folder.path, file)))) continue;
    const reason = `${file} is a SQLite database, backed up before every deploy; a release must not replace its folder`;
    real.push({
      name: real.length === 0 ? app : `${app}-${real.length + 1}`,
      engine: "sqlite",
      key: "file",
      place: file,
      guess: true,
      reason,
    });
  }
  return unique(real);
}

/** The name of MongoDB's database, which the application makes by using it: from the variable that leads to the service. */
function nameAt(service: string, values: ReadonlyMap<string, string>): DatabaseFind["called"] {
  for (const value of values.values()) {
    const [, host, name] = /^mongodb:\/\/(?:[^@/]*@)?([^:/?,]+)[^/]*\/([^?]+)/.exec(value) ?? [];
    if (host === service && name !== undefined) return { name, guess: false };
  }
  return undefined;
}

function byVariable(app: string, variable: string, value: string): DatabaseFind[] {
  const place = `\${${variable}}`;
  if (/^postgres(ql)?:\/\//.test(value)) {
    return [
      { name: app, engine: "postgres", key: "url", place, guess: false, reason: `${variable} is the address of a PostgreSQL database` },
    ];
  }
  const scheme = /^(mysql|mariadb):\/\//.exec(value)?.[1] as "mysql" | "mariadb" | undefined;
  if (scheme) {
    const reason = `${variable} is the address of a ${titles[scheme]} database`;
    return [{ name: app, engine: scheme, key: "url", place, guess: false, reason }];
  }
  if (/^mongodb(\+srv)?:\/\/[^/]+\/[^?]/.test(value)) {
    return [{ name: app, engine: "mongodb", key: "url", place, guess: false, reason: `${variable} is the address of a MongoDB database` }];
  }
  if (/^\/.*\.(db|sqlite3?)$/.test(value)) {
    return [{ name: app, engine: "sqlite", key: "file", place, guess: false, reason: `${variable} is the file of a SQLite database` }];
  }
  const file = /^(?:file|sqlite):(?:\/\/)?(.+\.(?:db|sqlite3?))/.exec(value)?.[1];
  if (file === undefined) return [];
  const reason = `${variable} names a SQLite database; where its file is, is a guess`;
  return [{ name: app, engine: "sqlite", key: "file", place: file.replace(/^\.\//, ""), guess: true, reason }];
}

function unique(found: DatabaseFind[]): DatabaseFind[] {
  const names = new Set<string>();
  return found.map((one) => {
    const base =
      one.name
        .toLowerCase()
        .replace(/[^a-z0-9_-]/g, "-")
        .replace(/^[^a-z]+/, "")
        .slice(0, 27) || "data";
    let name = base;
    for (let number = 2; names.has(name); number++) name = `${base}-${number}`;
    names.add(name);
    return { ...one, name };
  });
}

async function isSqlite(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.toString("latin1") === "SQLite format 3\0";
  } finally {
    await file.close();
  }
}
