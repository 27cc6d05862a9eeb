import type { Target } from "../targets/contract.ts";
import type { Facts } from "./facts.ts";
import type { Request } from "./observe.ts";

/** What a change of data leaves running may hold on to what was: then every unit begins anew. */
export async function keeping(
  target: Target,
  request: Request,
  { previous, adopt, change, code }: Pick<Facts, "previous" | "adopt" | "change" | "code">,
): Promise<Pick<Facts, "kept">> {
  if (request.action !== "deploy" || request.recreate || previous === null || adopt || change !== "none") return {};
  const kept = (await target.unchanged?.(previous, code)) ?? [];
  return kept.length > 0 ? { kept } : {};
}
