import { UsageError } from "../../base/errors.ts";
import { Secret } from "../../base/secret.ts";

/** What a connection URL says, as libpq's variables. */
export interface Address {
  database: string;
  user: string | null;
  env: Record<string, string | Secret>;
}

/** Parameters of a URL that libpq has a variable for. Others belong to the app's own client (`schema`, `pgbouncer`, `connection_limit`). */
const variables: Record<string, string> = {
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  channel_binding: "PGCHANNELBINDING",
  gssencmode: "PGGSSENCMODE",
  host: "PGHOST",
  port: "PGPORT",
};

/** Reads `postgres://user:password@host:port/name?sslmode=...`, also as SQLAlchemy writes it (`postgresql+psycopg2://`). */
export function parseUrl(url: string, name: string): Address {
  const match = /^postgres(?:ql)?(?:\+\w+)?:\/\/([^/?#]*@)?(.*)$/s.exec(url.trim());
  // Without a host (a socket's folder follows as `?host=`) URL refuses a user, so one stands in.
  const rest = match?.[2] ?? "";
  const bare = /^(?:[/?]|$)/.test(rest);
  const text = `postgres://${match?.[1] ?? ""}${bare ? "nowhere" : ""}${rest}`;
  const fail = (cause: string): never => {
    // The URL itself holds a password: it is not shown.
    throw new UsageError({
      operation: "read the url of database",
      subject: name,
      cause,
      hint: "Write postgres://USER:PASSWORD@HOST:5432/NAME; characters such as @ / # in a password are written as %40 %2F %23.",
    });
  };
  if (!match || !URL.canParse(text)) return fail("it is not a postgres:// URL");
  const parsed = new URL(text);
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (!database || database.includes("/")) return fail("it names no database");
  const env: Record<string, string | Secret> = {};
  if (!bare) env["PGHOST"] = decodeURIComponent(parsed.hostname).replace(/^\[|\]$/g, "");
  if (!bare || parsed.port) env["PGPORT"] = parsed.port || "5432";
  if (parsed.username) env["PGUSER"] = decodeURIComponent(parsed.username);
  if (parsed.password) env["PGPASSWORD"] = new Secret(decodeURIComponent(parsed.password));
  for (const [parameter, value] of parsed.searchParams) {
    const variable = variables[parameter];
    if (variable) env[variable] = value;
  }
  return { database, user: parsed.username ? decodeURIComponent(parsed.username) : null, env };
}
