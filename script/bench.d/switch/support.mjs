// The tests' own rigs, compiled.
import { join, resolve } from "node:path";

const compiled = resolve(import.meta.dirname, "../../../.cache/js/packages/aplomo");
export const support = (name) => import(join(compiled, `test/support/${name}.js`));
export const test = (name) => import(join(compiled, `test/lab/${name}.js`));
export const source = (name) => import(join(compiled, `src/${name}.js`));

/** `aplomo ...`, which must do what it was asked for. */
export async function must(aplomo, ...args) {
  const done = await aplomo(...args);
  if (done.code !== 0) throw new Error(done.output.slice(-3_000));
  return done;
}
