import { containerLogs } from "../../host/docker.ts";
import type { LogOptions } from "../contract.ts";
import { maskEnvironment } from "../release-env.ts";
import type { ComposeApp } from "./app.ts";
import type { Container } from "./containers.ts";
import { environmentOf } from "./take-down.ts";

/** The last lines of both streams in the order they were said, without the values of the container's environment. */
export async function logsOf(app: ComposeApp, container: Container, options: LogOptions): Promise<string> {
  const since = options.since ?? (options.sinceStart ? container.State.StartedAt : undefined);
  const result = await app.ctx.host.attempt(containerLogs(container.Id, { tail: options.tail, since }));
  if (result.code !== 0) return "";
  const lines = inOrder(result.stdout, result.stderr).slice(-options.tail);
  return maskEnvironment(lines.join("\n"), environmentOf(container.Config.Env));
}

/** The client gives the streams apart; the engine's time stamps, all of one length and zone, put them together again. */
export function inOrder(...streams: string[]): string[] {
  const stamped = streams.flatMap((text) => text.split("\n").filter(Boolean));
  const parts = stamped.map((line) => ({ at: line.slice(0, line.indexOf(" ")), said: line.slice(line.indexOf(" ") + 1).trimEnd() }));
  return parts.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0)).map(({ said }) => said);
}
