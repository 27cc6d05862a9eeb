import { UsageError } from "../base/errors.ts";
import type { Context } from "../host/context.ts";
import { decompression, type Filter } from "./compress.ts";
import type { Opener } from "./encryption.ts";
import type { Stage } from "./flow.ts";
import type { Manifest } from "./manifest.ts";

/** How a file is packed. */
export type Packing = Pick<Manifest, "compression" | "encryption">;

/** What turns a backup's file into the plain dump; `known` is what decompresses it, where that was looked for already. */
export async function unpack(ctx: Context, packing: Packing, open: Opener | undefined, known?: Filter): Promise<Stage[]> {
  const inner = known ?? (await decompression(ctx, packing.compression));
  if (packing.encryption === null) return [inner];
  if (open) return [{ transform: open }, inner];
  throw new UsageError({
    operation: "open",
    subject: "an encrypted backup",
    cause: `it is encrypted for ${packing.encryption.recipients.join(", ")}, and no key of these was given`,
    hint: "Give the file with the key of the recovery kit: --identity FILE.",
  });
}
