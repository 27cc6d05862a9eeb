import { stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { delay } from "../../base/time.ts";
import { deploymentFolder, newestDeployment } from "../../deploy/deployments.ts";
import { journalFile } from "../../deploy/journal.ts";
import { appPaths } from "../../deploy/paths.ts";
import { agentPaths, watchPaths } from "../paths.ts";
import { listApps } from "../registry.ts";
import { nameRuns } from "../runs.ts";
import { begin } from "./answer.ts";

/** Between two looks for changes, only while somebody has a page open. */
const every = 1_000;
const most = 100;

/** Server-sent events: that something changed, never what; the page is fetched again then. */
export class Live {
  readonly #home: string;
  /** Who reads, and of which application; null: of all. */
  readonly #open = new Map<ServerResponse, string | null>();
  readonly #before = new Map<string | null, string>();
  #looks = false;

  constructor(home: string) {
    this.#home = home;
  }

  /** Stays open until the reader leaves. */
  follow(response: ServerResponse, app: string | null): void {
    if (this.#open.size >= most) return void response.writeHead(503).end();
    begin(response, 200, "events");
    response.write("retry: 3000\n\n");
    this.#open.set(response, app);
    response.on("close", () => this.#open.delete(response));
    if (!this.#looks) void this.#look();
  }

  close(): void {
    for (const response of this.#open.keys()) response.end();
  }

  /** As long as anybody reads; however many do, each application is looked at once. */
  async #look(): Promise<void> {
    this.#looks = true;
    while (this.#open.size > 0) {
      for (const app of new Set(this.#open.values())) {
        const before = this.#before.get(app);
        const now = await this.#state(app).catch(() => before);
        const line = before !== undefined && now !== before ? "event: changed\ndata: {}\n\n" : ": still here\n\n";
        for (const [response, its] of this.#open) if (its === app) response.write(line);
        if (now !== undefined) this.#before.set(app, now);
      }
      await delay(every);
    }
    this.#before.clear();
    this.#looks = false;
  }

  async #state(app: string | null): Promise<string> {
    const apps = app === null ? (await listApps(agentPaths(this.#home))).map((one) => one.app) : [app];
    return (await Promise.all(apps.map((one) => stateOf(this.#home, one)))).join("|");
  }
}

/** By names, times and sizes of files alone: nothing is read. */
async function stateOf(home: string, app: string): Promise<string> {
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(app)) return "";
  const paths = appPaths(home, app);
  const watch = watchPaths(agentPaths(home), app);
  const [newest, [run]] = await Promise.all([newestDeployment(paths), nameRuns(watch.runs)]);
  const files = [
    watch.look,
    watch.incidents,
    watch.diagnosis,
    ...(newest === undefined ? [] : [journalFile(deploymentFolder(paths, newest))]),
    ...(run === undefined ? [] : ["plan", "started", "ended"].map((name) => join(watch.runs, run.id, `${name}.json`))),
  ];
  const seen = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return [newest, run?.id, ...seen.map((one) => (one ? `${one.mtimeMs}-${one.size}` : ""))].join(" ");
}
