import { spoken } from "../voices.ts";

export const databaseConnections = spoken({
  id: "database-connections",
  title: "the database takes no more connections",
  why: "Every process has a pool of its own: processes times pool size, twice during a switch, exceed what the server allows. Or connections leak.",
  next: "Make the pools smaller (instances times pool size, doubled, below max_connections), or put a pooler in between; look for connections that stay idle in a transaction.",
  alsoWell: true,
  patterns: [
    /too many clients already/,
    /remaining connection slots are reserved/,
    /Too many connections/i,
    /too many connections for (?:role|database)/,
    /Timed out fetching a new connection from the connection pool|QueuePool limit|timeout exceeded when trying to connect/,
  ],
  tell: () => ({ message: "it has no connection left to give" }),
});
