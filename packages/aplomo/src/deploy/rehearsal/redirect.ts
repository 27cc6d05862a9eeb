import { isAbsolute, resolve } from "node:path";
import type { DatabaseSettings } from "../../config/schema.ts";

/** A database whose copy lies beside the live one, and is reached by another name. */
export interface Redirection {
  database: string;
  settings: Pick<DatabaseSettings, "url" | "file">;
  /** What the copy is called: a database's name, or a file's absolute path. */
  place: string;
}

/**
 * Pure: the value a variable has in a rehearsal. Where it says where the database is, it says where the copy is; else it stays.
 * `directory` is what relative files start from.
 */
export function redirect(value: string, redirections: readonly Redirection[], directory: string, found?: Set<string>): string {
  for (const { database, settings, place } of redirections) {
    const other =
      settings.file === undefined ? otherUrl(value, settings.url?.reveal(), place) : otherFile(value, settings.file, place, directory);
    if (other === undefined) continue;
    found?.add(database);
    return other;
  }
  return value;
}

/** Drivers write the same address with schemes of their own (`postgresql+asyncpg://`): host, port and name decide. */
function otherUrl(value: string, url: string | undefined, place: string): string | undefined {
  const [meant, found] = [parse(url), parse(value)];
  if (!meant || !found || meant.host !== found.host || meant.port !== found.port || meant.name !== found.name) return undefined;
  return `${found.before}${encodeURIComponent(place)}${found.after}${accountOf(found)}`;
}

/** MongoDB looks for an account in the database that the address names, unless it says where: there the copy has none. */
function accountOf({ before, name, after }: Address): string {
  if (!/^mongodb:\/\/[^/]*@/.test(before) || /[?&]authsource=/i.test(after)) return "";
  return `${after.includes("?") ? "&" : "?"}authSource=${encodeURIComponent(name)}`;
}

interface Address {
  host: string;
  port: string;
  name: string;
  before: string;
  after: string;
}

const usualPorts: Record<string, string> = { postgres: "5432", postgresql: "5432", mysql: "3306", mariadb: "3306", mongodb: "27017" };

function parse(url: string | undefined): Address | undefined {
  const match = /^(([a-z][a-z0-9]*)(?:\+[a-z0-9]+)?:\/\/(?:[^@/?#]*@)?([^/?#]*?)(?::(\d+))?\/)([^/?#]+)(.*)$/is.exec(url?.trim() ?? "");
  if (!match) return undefined;
  const [, before = "", scheme = "", host = "", port, name = "", after = ""] = match;
  return { host: host.toLowerCase(), port: port ?? usualPorts[scheme.toLowerCase()] ?? "", name: decodeURIComponent(name), before, after };
}

function otherFile(value: string, file: string, place: string, directory: string): string | undefined {
  const [, scheme = "", path = "", query = ""] = /^((?:sqlite3?|file):(?:\/\/)?)?([^?]*)(.*)$/s.exec(value) ?? [];
  if (path === "" || (!isAbsolute(path) && !path.includes("/"))) return undefined;
  return resolve(directory, path) === resolve(directory, file) ? `${scheme}${place}${query}` : undefined;
}
