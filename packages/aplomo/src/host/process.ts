import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells this process from a later one with the same number: its start time and the machine's boot.
 * Null when no such process runs.
 */
export function processIdentity(pid: number): string | null {
  if (process.platform !== "linux") return identityFromPs(pid);
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, second field, may hold blanks and brackets: count from behind it. Start time is field 22, state field 3.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
  } catch {
    return null;
  }
}

function identityFromPs(pid: number): string | null {
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim() || null;
  } catch {
    return null;
  }
}
