import type { Upstream } from "../contract.ts";
import { addressOf } from "../upstreams.ts";

/**
 * The file a user's nginx includes: one upstream block, which `proxy_pass http://NAME;` in their own server block goes to.
 * Everything else of nginx stays theirs.
 */
export function upstreamFile(name: string, upstreams: readonly Upstream[]): string {
  // A single server is never marked as down by nginx; among several, one that refuses connections is left out for a moment.
  const servers = upstreams.map((upstream) => `  server ${addressOf(upstream)};`);
  return [
    "# Written by Aplomo at every switch: what you change here is lost. Include it, and use it as",
    `#   proxy_pass http://${name};  proxy_http_version 1.1;  proxy_set_header Connection $connection_upgrade;`,
    `upstream ${name} {`,
    ...servers,
    "  keepalive 32;",
    "}",
    "",
  ].join("\n");
}

/** The upstreams a file of ours names; null when it names none. */
export function parseUpstreamFile(text: string | undefined): string[] | null {
  const found = [...(text ?? "").matchAll(/^ {2}server (\S+);$/gm)].map((match) => String(match[1]));
  return found.length > 0 ? found : null;
}
