import { UsageError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";

/** Where a server is and who asks, as a connection URL says. */
export interface Address {
  host: string;
  port: string;
  /** A socket's path; then host and port do not count. */
  socket: string | null;
  user: string | null;
  password: Secret | null;
  database: string;
  /** How the connection is encrypted; null leaves it to the client. */
  tls: Tls | null;
}

export interface Tls {
  /** `verify`: the certificate is checked against the host's name too. */
  mode: "off" | "on" | "verify";
  ca: string | null;
}

const modes: Record<string, Tls["mode"]> = {
  disabled: "off",
  disable: "off",
  false: "off",
  required: "on",
  require: "on",
  true: "on",
  verify_ca: "verify",
  verify_identity: "verify",
  "verify-ca": "verify",
  "verify-full": "verify",
};

/** Reads `mysql://user:password@host:3306/name?ssl-mode=...`, also `mariadb://` and as SQLAlchemy writes it (`mysql+pymysql://`). */
export function parseUrl(url: string, name: string): Address {
  const match = /^(?:mysql|mariadb)(?:\+\w+)?:\/\/(.*)$/s.exec(url.trim());
  const text = `mysql://${match?.[1] ?? ""}`;
  const fail = (cause: string): never => {
    // The URL itself holds a password: it is not shown.
    throw new UsageError({
      operation: "read the url of database",
      subject: name,
      cause,
      hint: "Write mysql://USER:PASSWORD@HOST:3306/NAME; characters such as @ / # in a password are written as %40 %2F %23.",
    });
  };
  if (!match || !URL.canParse(text)) return fail("it is not a mysql:// or mariadb:// URL");
  const parsed = new URL(text);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (!database || database.includes("/")) return fail("it names no database");
  const query = new Map([...parsed.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
  const asked = ["ssl-mode", "sslmode", "ssl"].map((key) => query.get(key)?.toLowerCase()).find((value) => value !== undefined);
  const ca = query.get("ssl-ca") ?? query.get("ssl_ca") ?? query.get("sslca") ?? null;
  const mode = asked === undefined ? (ca === null ? undefined : "verify") : modes[asked];
  return {
    host: decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, "") || "localhost",
    port: parsed.port || "3306",
    socket: query.get("socket") ?? query.get("unix_socket") ?? query.get("socketpath") ?? null,
    user: parsed.username ? decodeURIComponent(parsed.username) : null,
    password: parsed.password ? new Secret(decodeURIComponent(parsed.password)) : null,
    database,
    tls: mode === undefined ? null : { mode, ca },
  };
}
