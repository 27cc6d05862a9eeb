// Stops a server so that nobody who asked it something goes without an answer.
//
// On SIGTERM or SIGINT: `stopping` turns true (health says so, and whoever sends requests here looks elsewhere); for a moment every
// request is still answered, with `Connection: close`, so that clients leave by themselves; then the door closes, what is in
// progress ends, idle connections are dropped, `release` is called, and the process ends with 0. After `deadline` it ends with 1.
import cluster from "node:cluster";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * @param {import("node:http").Server} server
 * @param {{ drain?: number, deadline?: number, release?: () => Promise<void>, log?: (line: string) => void }} options milliseconds;
 *   keep `deadline` below what the process manager grants (PM2's kill_timeout, compose's stop_grace_period)
 */
export function stopGracefully(server, { drain = 500, deadline = 8_000, release = async () => {}, log = console.log } = {}) {
  const state = { stopping: false };
  /** @type {Set<import("node:http").ServerResponse>} */
  const open = new Set();
  /** @type {Set<import("node:net").Socket>} connections on which nothing was said yet: browsers open some beforehand */
  const silent = new Set();
  let since = 0;

  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });

  server.prependListener("request", (request, response) => {
    silent.delete(request.socket);
    open.add(response);
    response.once("close", () => open.delete(response));
    if (state.stopping) response.setHeader("Connection", "close");
  });

  /**
   * @param {string} why
   * @param {{ code?: number, limit?: number }} [how]
   */
  async function stop(why, { code = 0, limit = deadline } = {}) {
    if (state.stopping) {
      // npm and shells pass a signal on that the process got itself: only a later one means "now".
      if (Date.now() - since > 1_000) process.exit(code || 130);
      return;
    }
    state.stopping = true;
    since = Date.now();
    log(`stopping: ${why}, ${open.size} requests in progress`);
    setTimeout(() => {
      log(`stopped late: ${open.size} requests were not answered within ${limit} ms`);
      process.exit(1);
    }, limit).unref();

    for (const response of open) if (!response.headersSent) response.setHeader("Connection", "close");
    await sleep(drain);
    const closed = new Promise((resolve) => void server.close(resolve));
    // Once is not enough: a connection that is busy now would rest for its whole keep-alive time afterwards.
    // A silent connection has had as long as the others to say something.
    const sweep = setInterval(() => {
      server.closeIdleConnections();
      for (const socket of silent) if (socket.bytesRead === 0 && Date.now() - since > 2 * drain) socket.destroy();
    }, 50);
    await closed;
    clearInterval(sweep);
    await leaveCluster();
    await release();
    log(`stopped after ${Date.now() - since} ms`);
    process.exit(code);
  }

  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop(signal));
  process.on("message", (message) => void (message === "shutdown" && stop("shutdown message")));
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.on(event, (error) => {
      console.error(`agenda: ${event}: ${error?.stack ?? error}`);
      void stop(event, { code: 1, limit: 2_000 });
    });
  }
  return state;
}

/**
 * The primary process of a cluster (PM2's, for one) accepts connections and hands them over. One that is on its way here when the
 * door closes would be lost with this process, and its client left waiting for ever. The primary answers this farewell after
 * everything it sent before; what has arrived until then was declined, and goes to another worker.
 */
async function leaveCluster() {
  const { worker } = cluster;
  if (!worker?.isConnected()) return;
  await new Promise((resolve) => {
    worker.once("disconnect", () => resolve(undefined));
    worker.disconnect();
  });
}
