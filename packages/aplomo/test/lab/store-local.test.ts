import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { partialName } from "../../src/stores/contract.ts";
import { storeSuite } from "../contract/store.suite.ts";
import { smallDisk } from "../support/disk.ts";

storeSuite({
  kind: "local",
  async make() {
    const folder = await mkdtemp(join(tmpdir(), "aplomo-copies-"));
    const disk = await smallDisk(22);
    return {
      settings: { kind: "local", directory: folder, same_disk: true },
      // The folder of a disk that is not mounted is on the disk of everything else.
      wrong: { settings: { kind: "local", directory: folder }, word: /same disk/ },
      async spoil(name, content) {
        const partial = join(folder, partialName(name, content));
        await mkdir(dirname(partial), { recursive: true });
        await writeFile(partial, "something else");
      },
      async full() {
        return disk && { kind: "local", directory: disk.folder };
      },
      async close() {
        await disk?.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
});
