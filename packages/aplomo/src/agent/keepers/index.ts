import type { Context } from "../../host/context.ts";
import type { Resident } from "../resident.ts";
import { containerKeeper } from "./container.ts";
import type { Keeper } from "./keeper.ts";
import { pm2Keeper } from "./pm2.ts";
import { systemdKeeper } from "./systemd.ts";

/** All there are; who fits first is taken. `directory`: the application's, which may bring PM2 along; `kind`: its target. */
export function allKeepers(ctx: Context, resident: Resident, { directory, kind }: { directory: string; kind: string | null }): Keeper[] {
  return [
    systemdKeeper(ctx, resident, "systemd"),
    systemdKeeper(ctx, resident, "systemd --user"),
    pm2Keeper(ctx, resident, { directory, chosen: kind === "pm2" }),
    containerKeeper(ctx, resident),
  ];
}
