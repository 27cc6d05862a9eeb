import type { Secret } from "../base/secret.ts";
import type { Settings } from "./schema.ts";

/** A value of the application's environment and where it came from. */
export interface Variable {
  value: Secret;
  /** `.env:12`, or `environment`; `aplomo.yml:12` for what `env.from` brings. */
  origin: string;
}

/** Everything `aplomo.yml` and its env file say, read once, before anything else happens. */
export interface Config {
  /** Absolute path of aplomo.yml. */
  file: string;
  /** Its folder, absolute: what relative paths start from. */
  directory: string;
  settings: Settings;
  /** The application's environment: every variable of `env.file` and `env.from`, plus those of `env.require` that only the shell has. */
  environment: ReadonlyMap<string, Variable>;
  /** Service to image by digest: taken instead of what the target's own files name. */
  built?: ReadonlyMap<string, string>;
  /** `aplomo.yml:12`: where each variable of the contract stands. */
  contract?: ReadonlyMap<string, string>;
  /** The file that shows what the environment looks like, and its values, which everyone with the code can read. */
  example?: Example;
}

export interface Example {
  file: string;
  values: ReadonlyMap<string, Secret>;
}
