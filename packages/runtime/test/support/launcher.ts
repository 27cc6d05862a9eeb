import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compiled, runtime } from "./places.ts";
import { type Program, start } from "./server.ts";

/** An application's folder with aplomo-boot in its node_modules, as npm puts it there. */
export interface Folder {
  path: string;
  /** Writes a file; objects as JSON. */
  write(name: string, content: string | object): Promise<void>;
  /** Starts aplomo-boot in it. */
  boot(args: string[], env?: NodeJS.ProcessEnv): Program;
}

/** Makes the folder; it is gone after the test. `clients`: packages of the bench that the application uses. */
export async function makeFolder(after: (work: () => unknown) => void, clients: string[] = []): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "aplomo-boot-"));
  after(() => rm(path, { recursive: true, force: true }));
  const home = join(path, "node_modules/@aplomo/runtime");
  await mkdir(join(home, "bin"), { recursive: true });
  await mkdir(join(path, "node_modules/.bin"));
  await cp(join(runtime, "bin/aplomo-boot"), join(home, "bin/aplomo-boot"));
  await cp(join(runtime, "package.json"), join(home, "package.json"));
  await symlink(compiled, join(home, "dist"));
  await symlink("../@aplomo/runtime/bin/aplomo-boot", join(path, "node_modules/.bin/aplomo-boot"));
  for (const name of clients) await symlink(join(runtime, "bench/node_modules", name), join(path, "node_modules", name));
  return {
    path,
    async write(name, content) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), typeof content === "string" ? content : JSON.stringify(content));
    },
    boot: (args, env = {}) => start([join(path, "node_modules/.bin/aplomo-boot"), ...args], { cwd: path, env, after }),
  };
}
