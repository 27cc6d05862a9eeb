import type { Aside, Database } from "../databases/contract.ts";
import type { Context } from "../host/context.ts";

/** A throw-away server whose disk is looked at while it is used. */
export type Watched = Omit<Aside, "usedBytes"> & {
  /** Bytes it took at most, as far as was seen. */
  peakBytes(): Promise<number>;
};

const every = 2_000;

/** Undefined when there is none at hand: a warning says why. */
export async function watchAside(ctx: Context, database: Database, bytes: number): Promise<Watched | undefined> {
  const found = (await database.aside?.(bytes)) ?? "this engine has none";
  if (typeof found === "string") {
    const message = `${database.name}: no throw-away server for the proof, which goes on in a scratch database: ${found}`;
    ctx.emit({ type: "warning", message, hint: "Nothing needs to be done; it takes room on the database's own server for a while." });
    return undefined;
  }
  let peak = 0;
  const look = async (): Promise<void> => void (peak = Math.max(peak, await found.usedBytes().catch(() => 0)));
  const timer = setInterval(() => void look(), every);
  return {
    database: found.database,
    where: found.where,
    peakBytes: async () => {
      await look();
      return peak;
    },
    close: async () => {
      clearInterval(timer);
      await found.close();
    },
  };
}
