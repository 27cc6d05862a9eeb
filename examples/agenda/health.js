// Is this process fit to be sent requests? Asked often, by machines: quick, always an answer, never a stack.
const LIMIT_MS = 1_500;

/**
 * @param {import("./storage/open.js").Storage} storage
 * @param {import("./settings.js").Settings} settings
 * @param {boolean} stopping
 */
export async function health(storage, { version, release }, stopping) {
  const about = { version, release };
  if (stopping) return { status: 503, body: { status: "stopping", ...about } };
  try {
    const schema = await within(LIMIT_MS, lastMigration(storage));
    return { status: 200, body: { status: "ok", database: "connected", ...about, schema } };
  } catch (error) {
    return { status: 503, body: { status: "error", database: /** @type {Error} */ (error).message, ...about } };
  }
}

/** Reads a table of ours: a database that answers but is empty is not the clinic's. @param {import("./storage/open.js").Storage} storage */
async function lastMigration(storage) {
  const [row] = await storage.query("SELECT name FROM migrations ORDER BY name DESC LIMIT 1");
  if (!row) throw new Error("no migration was run");
  return row.name;
}

/**
 * @template T
 * @param {number} limit milliseconds
 * @param {Promise<T>} work
 */
async function within(limit, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
