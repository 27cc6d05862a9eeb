import type { StoreSettings } from "../../src/stores/settings.ts";
import { startCutter, type Cutter } from "./cutter.ts";
import { smallDisk } from "./disk.ts";
import type { ServerProcess } from "./server-process.ts";

interface Server<T extends StoreSettings> {
  process: ServerProcess;
  settings(port?: number): T;
  stop(): Promise<void>;
}

/** The parts of a rig that every store with a server has: a line that can be cut, and a second server on a small disk. */
export async function serve<T extends StoreSettings, S extends Server<T>>(
  start: (folder?: string) => Promise<S>,
  megabytes: number,
): Promise<{ server: S; cutter: Cutter; full(): Promise<T | undefined>; close(): Promise<void> }> {
  const server = await start();
  const cutter = await startCutter(server.process.port);
  const disk = await smallDisk(megabytes);
  let small: S | undefined;
  return {
    server,
    cutter,
    async full() {
      if (!disk) return undefined;
      small ??= await start(disk.folder);
      return small.settings();
    },
    async close() {
      await cutter.close();
      await server.stop();
      await small?.stop();
      await disk?.close();
    },
  };
}
