import { startServer } from "./server-process.ts";
import { temporaryFolder } from "./bench.ts";
import { need } from "./need.ts";

/** A throw-away server that speaks MongoDB's protocol, with a user who may do everything. */
export interface Mongo {
  port: number;
  /** Of a database, as that user. */
  url(database: string): string;
  stop(): Promise<void>;
}

export const user = "root";
/** Every letter that a URL, a shell or a file could take for something else. */
export const password = "a-planted:p@ss/w#rd 55'\"$\\";

export const whyNoMongodb = (): false | string => {
  const folder = process.env["APLOMO_LAB_MONGODUMP"]?.replace(/\/mongodump$/, "");
  // The programs are where the lab keeps them, which is at the path's end.
  const there = Boolean(process.env["APLOMO_LAB_FERRETDB"]) && Boolean(folder);
  return process.env["APLOMO_LAB_UNAVAILABLE"] ?? need(there, "no server that speaks MongoDB's protocol: script/lab up mongodb");
};

export async function startMongodb(): Promise<Mongo> {
  const folder = await temporaryFolder("mongodb");
  const server = await startServer(
    (port) => [
      process.env["APLOMO_LAB_FERRETDB"] ?? "ferretdb",
      "--handler=sqlite",
      `--sqlite-url=file:${folder.path}/`,
      `--state-dir=${folder.path}`,
      `--listen-addr=127.0.0.1:${port}`,
      "--debug-addr=-",
      "--telemetry=disable",
      "--log-level=ERROR",
      "--test-enable-new-auth",
      `--setup-username=${user}`,
      "--setup-database=admin",
    ],
    { FERRETDB_SETUP_PASSWORD: password },
  );
  return {
    port: server.port,
    url: (database) => `mongodb://${user}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}?authSource=admin`,
    async stop() {
      await server.kill();
      await folder.remove();
    },
  };
}
