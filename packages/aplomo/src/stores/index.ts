import type { Context } from "../host/context.ts";
import type { Store } from "./contract.ts";
import type { StoreSettings } from "./settings.ts";

/** Opens a store of aplomo.yml; only the driver that is used is loaded. Nothing is reached before a method is called. */
export async function openStore(ctx: Context, settings: StoreSettings): Promise<Store> {
  switch (settings.kind) {
    case "local":
      return (await import("./local.ts")).openLocal(ctx, settings);
    case "s3":
      return (await import("./s3/s3.ts")).openS3(ctx, settings);
    case "sftp":
      return (await import("./sftp/sftp.ts")).openSftp(ctx, settings);
  }
}
