// Is this process fit to be sent requests? This version never is: it asks for a gateway that the server cannot reach.

/**
 * @param {import("./storage/open.js").Storage} storage
 * @param {import("./settings.js").Settings} settings
 * @param {boolean} stopping
 */
export async function health(storage, { version, release }, stopping) {
  if (stopping) return { status: 503, body: { status: "stopping", version, release } };
  return { status: 503, body: { status: "error", database: "connected", gateway: "cannot be reached", version, release } };
}
