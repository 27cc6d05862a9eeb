import { spoken } from "../voices.ts";

export const databasePassword = spoken({
  id: "database-password",
  title: "the database refuses the user or the password",
  why: "The password was changed at one end only; or POSTGRES_PASSWORD was changed after the volume was made, which changes nothing: it is read once, when the data is new. Or it has characters that a URL must escape.",
  next: "Set the password inside the database (`ALTER USER ... PASSWORD`) to what the env file has; percent-encode it in URLs.",
  alsoWell: true,
  patterns: [
    /password authentication failed for user "?([\w-]+)"?/,
    /Access denied for user '?([\w-]+)'?@/,
    /Authentication failed against database server/,
    /role "([\w-]+)" does not exist/,
    /no pg_hba\.conf entry for .*user "([\w-]+)"/,
  ],
  tell: ([, user]) => ({ message: user ? `it does not let ${user} in` : "it does not let the application in" }),
});
