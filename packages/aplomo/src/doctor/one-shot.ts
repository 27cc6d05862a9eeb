import type { SeenUnit } from "./observed.ts";

const oneShots =
  /\b(migrate|migrations?|db:migrate|db:seed|seed|seeds|createsuperuser|collectstatic)\b|\bupgrade head\b|\bdb push\b|\b(migrate|seed|migration)\.(c|m)?(j|t)s\b/;

/** Its command does one thing and ends: no server. */
export function isOneShot({ command }: SeenUnit): boolean {
  const text = command.join(" ");
  // A chain that ends in a server is one.
  const last = text.split(/&&|;|\|\|/).at(-1) ?? "";
  return oneShots.test(last);
}
