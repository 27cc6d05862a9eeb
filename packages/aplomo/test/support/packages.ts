import { cp, mkdir, readFile, symlink } from "node:fs/promises";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { root } from "./root.ts";

/** Puts a package of this checkout, and all it needs, below `node_modules` of a folder, as npm would. */
export async function putPackage(name: string, folder: string): Promise<void> {
  const modules = join(root, "node_modules");
  const done = new Set<string>();
  const waiting = [join(modules, name)];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (done.has(place)) continue;
    done.add(place);
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(await readFile(join(place, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = find(needed, place);
      if (found !== undefined) waiting.push(found);
    }
  }
  // Outer ones first: those inside them come along.
  for (const place of [...done].sort()) {
    const target = join(folder, "node_modules", relative(modules, place));
    if (!existsSync(target)) await cp(place, target, { recursive: true });
  }
  const bin = join(folder, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  await symlink(`../${name}/bin/${name}`, join(bin, name));
}

function find(name: string, from: string): string | undefined {
  for (let folder = from; folder.startsWith(root); folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(join(place, "package.json"))) return place;
  }
  return undefined;
}
