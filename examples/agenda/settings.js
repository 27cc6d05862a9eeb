// What the app takes from its environment, in one place. A value that is missing or wrong stops it with a sentence, not a stack.
import { readFileSync } from "node:fs";

/**
 * @typedef {object} Settings
 * @property {number} port
 * @property {string} host
 * @property {string} [databaseFile] a SQLite file; either this or databaseUrl
 * @property {string} [databaseUrl] postgres://user:password@host:5432/name
 * @property {string} clinic the name over the page
 * @property {string} version
 * @property {string} release which release of the deployment tool this is
 * @property {boolean} logRequests
 * @property {number} drain milliseconds it goes on answering after a stop signal
 */

/** A setting that is missing or wrong. */
export class SettingError extends Error {}

/** The version in package.json. */
export const version = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")).version;

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 */
export function readSettings(env) {
  const { DATABASE_FILE: databaseFile, DATABASE_URL: databaseUrl } = env;
  // No default: a wrong guess would show an empty agenda in place of the clinic's own.
  if (!databaseFile === !databaseUrl) {
    throw new SettingError("Set one of DATABASE_FILE (a path, for SQLite) and DATABASE_URL (postgres://..., for PostgreSQL).");
  }
  return {
    port: number(env, "PORT", 3000),
    host: env.HOST || "127.0.0.1",
    databaseFile,
    databaseUrl,
    clinic: env.CLINIC_NAME || "Linden Street Clinic",
    version,
    release: env.APLOMO_RELEASE || env.RELEASE || "none",
    logRequests: env.LOG_REQUESTS === "1",
    drain: number(env, "DRAIN_MS", 500),
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} otherwise
 */
function number(env, name, otherwise) {
  const value = env[name] ? Number(env[name]) : otherwise;
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new SettingError(`${name}=${env[name]} is not a whole number from 0 to 65535.`);
  return value;
}
