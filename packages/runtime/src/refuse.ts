/**
 * Keeps what is only for development out of production: call it where a mock database, a fake payment gateway or an
 * authentication bypass is made, not where its module is imported. Throws when NODE_ENV is `production`.
 */
export function refuseInProduction(what: string, env: NodeJS.ProcessEnv = process.env): void {
  if (env.NODE_ENV !== "production") return;
  throw new Error(`${what} must not run with NODE_ENV=production: give the application the real one, or start it with another NODE_ENV`);
}
