/** One sentence for each mistake, before anything is opened. @param {NodeJS.ProcessEnv} env */
export function readSettings(env) {
  const wrong = [];
  if (!/^(mysql|mariadb):\/\//.test(env.DATABASE_URL ?? "")) wrong.push("DATABASE_URL must be the URL of a MySQL or MariaDB database");
  if ((env.SESSION_SECRET ?? "").length < 16) wrong.push("SESSION_SECRET must have 16 characters or more");
  if ((env.DATA_ENCRYPTION_KEY ?? "").length < 32) wrong.push("DATA_ENCRYPTION_KEY must have 32 characters or more");
  if (wrong.length > 0) throw new Error(wrong.join("; "));
  return {
    databaseUrl: /** @type {string} */ (env.DATABASE_URL),
    sessionSecret: /** @type {string} */ (env.SESSION_SECRET),
    encryptionKey: /** @type {string} */ (env.DATA_ENCRYPTION_KEY),
    host: env.HOST ?? "127.0.0.1",
    port: Number(env.PORT ?? 3000),
  };
}
