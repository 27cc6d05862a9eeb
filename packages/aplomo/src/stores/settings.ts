import type { Secret } from "../base/secret.ts";

/** What `backups.copy_to` says of one store; `kind` chooses the driver. */
export type StoreSettings = LocalSettings | S3Settings | SftpSettings;

export interface LocalSettings {
  kind: "local";
  name?: string | undefined;
  directory: string;
  /** Allow it on the disk that holds Aplomo's own folder. */
  same_disk?: boolean | undefined;
}

export interface S3Settings {
  kind: "s3";
  name?: string | undefined;
  bucket: string;
  prefix?: string | undefined;
  /** Left out: Amazon's for the region. */
  endpoint?: string | undefined;
  region?: string | undefined;
  /** `https://endpoint/bucket/...` instead of `https://bucket.endpoint/...`. Left out: true where an endpoint is given. */
  path_style?: boolean | undefined;
  access_key?: string | undefined;
  secret_key?: Secret | undefined;
  /** A file as the aws program has it. Left out: ~/.aws/credentials. */
  credentials?: string | undefined;
  profile?: string | undefined;
}

export interface SftpSettings {
  kind: "sftp";
  name?: string | undefined;
  /** `host`, `user@host` or an alias of the ssh configuration. */
  host: string;
  port?: number | undefined;
  /** Relative to the user's home there, or absolute. */
  directory: string;
  ssh_config?: string | undefined;
}
