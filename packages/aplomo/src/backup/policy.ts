import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { StoreSettings } from "../stores/settings.ts";
import type { Compression } from "./names.ts";
import type { Keep } from "./tiers.ts";

/** What aplomo.yml says of backups, with defaults filled in and paths made absolute. */
export interface Policy {
  app: string;
  /** The app's own folder. */
  root: string;
  /** Where its backups are. */
  directory: string;
  compress: Compression | undefined;
  keep: Keep;
  /** Proofs compare a checksum of each table, too. */
  checksums: boolean;
  zone: string;
  /** `02:30`, in that zone. */
  at: string;
  /** Milliseconds; undefined: not said. */
  maxAge: number | undefined;
  recipients: readonly string[];
  stores: readonly StoreSettings[];
}

export function policyOf({ settings, directory }: Config, paths: { root: string; backups: string }): Policy {
  const { backups, app } = settings;
  return {
    app,
    root: paths.root,
    directory: paths.backups,
    compress: backups.compress,
    keep: backups.keep,
    checksums: backups.checksums,
    // Asked when it is needed: loading the zones takes longer than starting Node.
    get zone() {
      return backups.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    },
    at: backups.at,
    maxAge: backups.max_age,
    recipients: backups.encrypt_to,
    stores: backups.copy_to.map((store) => located(store, directory)),
  };
}

/** What reports and the ledger call a store. */
export function storeTitle(store: StoreSettings): string {
  if (store.name !== undefined) return store.name;
  if (store.kind === "s3") return [store.bucket, store.prefix].filter(Boolean).join("/");
  return store.kind === "sftp" ? `${store.host}:${store.directory}` : store.directory;
}

/** Paths on this machine start from the folder of aplomo.yml, and `~/` from the user's. */
function located(store: StoreSettings, directory: string): StoreSettings {
  const at = (path: string): string => (path.startsWith("~/") ? join(homedir(), path.slice(2)) : resolve(directory, path));
  if (store.kind === "local") return { ...store, directory: at(store.directory) };
  if (store.kind === "sftp") return { ...store, ...(store.ssh_config === undefined ? {} : { ssh_config: at(store.ssh_config) }) };
  return { ...store, ...(store.credentials === undefined ? {} : { credentials: at(store.credentials) }) };
}
