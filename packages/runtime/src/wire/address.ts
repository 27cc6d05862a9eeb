import type { Address } from "./session.ts";

/** What a URL's scheme stands for; `other` is waited for, but neither asked nor locked. */
export type Kind = "postgres" | "mysql" | "other";

const kinds: Record<string, [kind: Kind, port: number]> = {
  "postgres:": ["postgres", 5_432],
  "postgresql:": ["postgres", 5_432],
  "mysql:": ["mysql", 3_306],
  "mariadb:": ["mysql", 3_306],
  "mongodb:": ["other", 27_017],
  "redis:": ["other", 6_379],
  "rediss:": ["other", 6_379],
  "amqp:": ["other", 5_672],
  "http:": ["other", 80],
  "https:": ["other", 443],
};

/** A unix socket's URL has a user and no host, which `URL` does not take. */
const noHost = /^(\w+:\/\/(?:[^@/]*@)?)\//;
/** Nor several, as a replica set's has: the first will do for waiting. */
const otherHosts = /^(\w+:\/\/(?:[^@/]*@)?[^,/]+)(?:,[^/?]+)/;

/** Reads a database's URL. Undefined when nothing can be reached by it: not a URL, a file, a scheme nobody knows. */
export function readAddress(text: string): { kind: Kind; address: Address } | undefined {
  try {
    return read(new URL(text.replace(noHost, "$1localhost/").replace(otherHosts, "$1")));
  } catch {
    return undefined; // No URL, or a percent sign that encodes nothing.
  }
}

function read(url: URL): { kind: Kind; address: Address } | undefined {
  const [kind, port] = kinds[url.protocol] ?? [];
  if (!kind || port === undefined) return undefined;
  const number = url.port === "" ? port : Number(url.port);
  const address: Address = {
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: number,
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    tls: tlsOf(url.searchParams),
  };
  const socket = url.searchParams.get("host") ?? url.searchParams.get("socket");
  if (socket?.startsWith("/")) address.path = kind === "postgres" ? `${socket}/.s.PGSQL.${number}` : socket;
  return { kind, address };
}

/** libpq's sslmode, MySQL's ssl-mode, Prisma's sslaccept. As they do, TLS is tried when nothing is said. */
function tlsOf(search: URLSearchParams): Address["tls"] {
  const mode = (search.get("sslmode") ?? search.get("ssl-mode") ?? search.get("ssl") ?? "").toLowerCase();
  if (search.get("sslaccept") === "strict" || mode.startsWith("verify")) return "verify";
  if (/^(disable|disabled|false|0)$/.test(mode)) return "off";
  return /^(require|required|true|1)$/.test(mode) ? "must" : "try";
}
