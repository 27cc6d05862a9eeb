import { UsageError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";

/** Where a server is, who asks, and for which database, as a connection string says. */
export interface Address {
  /** Without the database's name: programs would take it for all they may touch. It holds the password. */
  uri: Secret;
  database: string;
}

/** Reads `mongodb://user:password@host:27017/name?...`, also with several hosts, and `mongodb+srv://`. */
export function parseUrl(url: string, name: string): Address {
  const match = /^(mongodb(?:\+srv)?):\/\/(?:([^@/?]*)@)?([^/?@]+)\/([^/?]+)(?:\?(.*))?$/s.exec(url.trim());
  if (!match) {
    // The URL itself holds a password: it is not shown.
    throw new UsageError({
      operation: "read the url of database",
      subject: name,
      cause: "it is not a mongodb:// URL with a database's name",
      hint: "Write mongodb://USER:PASSWORD@HOST:27017/NAME; characters such as @ / # in a password are written as %40 %2F %23.",
    });
  }
  const [, scheme = "", account, hosts = "", path = "", query = ""] = match;
  const database = decodeURIComponent(path);
  const options = query.split("&").filter(Boolean);
  const says = (option: string): boolean => options.some((one) => one.toLowerCase().startsWith(`${option.toLowerCase()}=`));
  // The name in the path is also where the account lives, unless something else says so; for +srv, the DNS may.
  if (account !== undefined && scheme === "mongodb" && !says("authSource") && !says("authMechanism")) options.push(`authSource=${path}`);
  const who = account === undefined ? "" : `${account}@`;
  return { uri: new Secret(`${scheme}://${who}${hosts}/${options.length > 0 ? `?${options.join("&")}` : ""}`), database };
}

/** One server, and no other that it may know of. */
export function uriOf(host: string, account: { user: string; password: Secret } | null): Secret {
  const who = account ? `${encodeURIComponent(account.user)}:${encodeURIComponent(account.password.reveal())}@` : "";
  return new Secret(`mongodb://${who}${host}:27017/?directConnection=true${account ? "&authSource=admin" : ""}`);
}
