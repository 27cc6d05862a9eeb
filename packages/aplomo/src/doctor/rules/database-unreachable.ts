import { spoken } from "../voices.ts";

export const databaseUnreachable = spoken({
  id: "database-unreachable",
  title: "the database does not answer",
  why: "It does not run, is still starting, or is asked at the wrong address: inside a container `localhost` is the container, not the database's (I19).",
  next: "See whether it runs (`aplomo status`), start it, and let the application ask it by its service's name; wait for it at the start (I19).",
  patterns: [
    /ECONNREFUSED.*?(?:[:\s])(5432|3306|27017|6379|1433)\b/,
    /could not ask database .*ECONNREFUSED [\w.:-]*?:(\d+)/,
    /Mongo(?:ServerSelection|Network)Error|ServerSelectionTimeoutError|Server selection timed out/,
    /connection to server at .* failed: (?:Connection refused|timeout)/i,
    /Can't reach database server at .?([\w.:-]+)/,
    /Can't connect to (?:local )?(?:MySQL |MariaDB )?server/i,
    /connection refused.*(5432|3306)|could not connect to server/i,
    /no container of service \w+ in compose project/,
    /Connection to (?:database|server).* (?:refused|timed out)/i,
    /(?:the database system is (?:starting up|shutting down))/,
  ],
  tell: ([, at]) => ({ message: at ? `the database at ${at} does not answer` : "the database does not answer" }),
});
