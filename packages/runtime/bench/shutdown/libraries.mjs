// How each library is set up, after its own README, with the same limit for all.

/** By name: (server, limit in ms). */
export const libraries = {
  "no handler": () => undefined,
  "server.close()": (server) => {
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.close(() => process.exit(0)));
  },
  stoppable: async (server, limit) => {
    const { default: stoppable } = await import("stoppable");
    stoppable(server, limit);
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.stop(() => process.exit(0)));
  },
  terminus: async (server) => {
    const { createTerminus } = await import("@godaddy/terminus");
    createTerminus(server, {});
  },
  "terminus, tuned": async (server, limit) => {
    const { createTerminus } = await import("@godaddy/terminus");
    createTerminus(server, { signals: ["SIGTERM", "SIGINT"], timeout: limit });
  },
  "http-terminator": async (server, limit) => {
    const { createHttpTerminator } = await import("http-terminator");
    const terminator = createHttpTerminator({ server, gracefulTerminationTimeout: limit });
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void terminator.terminate().then(() => process.exit(0)));
  },
  "http-graceful-shutdown": async (server, limit) => {
    const { default: graceful } = await import("http-graceful-shutdown");
    graceful(server, { timeout: limit });
  },
  "close-with-grace": async (server, limit) => {
    const { default: closeWithGrace } = await import("close-with-grace");
    closeWithGrace({ delay: limit }, () => new Promise((resolve) => server.close(resolve)));
  },
  lightship: async (server, limit) => {
    const { createLightship } = await import("lightship");
    const lightship = await createLightship({ gracefulShutdownTimeout: limit, shutdownHandlerTimeout: limit });
    lightship.registerShutdownHandler(() => new Promise((resolve) => server.close(resolve)));
    lightship.signalReady();
  },
  "@aplomo/runtime": async (server, limit) => {
    const { graceful } = await import(process.env.APLOMO_RUNTIME ?? "../../dist/index.js");
    graceful(server, { deadline: limit });
  },
};

export const names = [...Object.keys(libraries).slice(0, -1), "fastify.close + close-with-grace", "@aplomo/runtime"];
