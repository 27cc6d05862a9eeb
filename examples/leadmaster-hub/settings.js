/** One sentence for each mistake, before anything is opened. @param {NodeJS.ProcessEnv} env */
export function readSettings(env) {
  const wrong = [];
  if (!/^(mysql|mariadb):\/\//.test(env.DATABASE_URL ?? "")) wrong.push("DATABASE_URL must be the URL of a MySQL or MariaDB database");
  if ((env.WEBHOOK_TOKEN ?? "").length < 16) wrong.push("WEBHOOK_TOKEN must have 16 characters or more");
  if (wrong.length > 0) throw new Error(wrong.join("; "));
  return {
    databaseUrl: /** @type {string} */ (env.DATABASE_URL),
    webhookToken: /** @type {string} */ (env.WEBHOOK_TOKEN),
    statusToken: env.STATUS_TOKEN,
    host: env.HOST ?? "127.0.0.1",
    port: Number(env.PORT ?? 3012),
  };
}
