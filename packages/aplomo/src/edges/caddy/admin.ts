import { AplomoError, reason } from "../../base/errors.ts";
import type { CaddyConfig, CaddyFolder } from "./config.ts";
import { askSocket, type Said } from "./socket.ts";

const limit = 10_000;

/** Caddy's own interface, on a socket that only its owner can open. */
export interface Admin {
  answers(): Promise<boolean>;
  config(): Promise<CaddyConfig>;
  /** All of it or, when Caddy refuses it, nothing. */
  load(config: CaddyConfig): Promise<void>;
  /** Requests and WebSockets under way to this address. */
  underWay(address: string): Promise<number>;
}

export function openAdmin(folder: CaddyFolder): Admin {
  async function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<string> {
    let said: Said;
    try {
      said = await askSocket(folder.admin, path, { ...options, timeout: limit });
    } catch (error) {
      throw failure(path, reason(error));
    }
    if (said.status !== 200) throw failure(path, said.body.trim() || `it answered ${said.status}`);
    return said.body;
  }

  return {
    answers: () =>
      ask("/config/").then(
        () => true,
        () => false,
      ),
    config: async () => JSON.parse(await ask("/config/")) as CaddyConfig,
    async load(config) {
      await ask("/load", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(config) });
    },
    async underWay(address) {
      const all = JSON.parse(await ask("/reverse_proxy/upstreams")) as { address: string; num_requests: number }[];
      return all.filter((one) => one.address === address).reduce((sum, { num_requests }) => sum + num_requests, 0);
    },
  };

  function failure(path: string, cause: string): AplomoError {
    return new AplomoError({
      operation: "ask Caddy for",
      subject: path,
      cause,
      hint: `It listens on ${folder.admin} when it runs; \`aplomo doctor\` tells what is wrong.`,
    });
  }
}
