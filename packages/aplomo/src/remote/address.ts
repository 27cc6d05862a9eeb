import { resolve } from "node:path";
import type { Config } from "../config/config.ts";

/** A server as ssh is asked for it. */
export interface Address {
  /** `host`, `user@host` or a name of the ssh configuration. */
  destination: string;
  port: number | undefined;
  /** Another configuration file than the user's own, absolute. */
  config: string | undefined;
}

/** Where the application's server is; undefined when it is this machine. */
export function addressOf({ settings, directory }: Pick<Config, "settings" | "directory">): Address | undefined {
  const { host, ssh_config } = settings.target;
  if (host === undefined) return undefined;
  return { ...parseHost(host), config: ssh_config === undefined ? undefined : resolve(directory, ssh_config) };
}

/** The schema has seen its form. An IPv6 address is in brackets there, and in none for ssh. */
export function parseHost(text: string): { destination: string; port: number | undefined } {
  const [, user = "", host = "", port] = /^([^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(text) ?? [];
  return { destination: user + host.replace(/^\[|\]$/g, ""), port: port === undefined ? undefined : Number(port) };
}
