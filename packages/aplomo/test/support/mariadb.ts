import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mariadb } from "../../../runtime/test/support/places.ts";

export { startMariadb, type Maria } from "../../../runtime/test/support/mariadb.ts";

const unpacked = mariadb === undefined ? undefined : join(mariadb, "usr/bin");
const installed = (program: string): boolean => {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

/** Puts the unpacked client programs on the path when there are no others. False: there are none, or no server. */
export function haveMariadb(): boolean {
  if (unpacked === undefined || !existsSync(join(unpacked, "mariadb-dump"))) return false;
  if (!installed("mariadb-dump")) process.env["PATH"] = `${unpacked}:${process.env["PATH"]}`;
  return installed("mariadb-dump");
}
