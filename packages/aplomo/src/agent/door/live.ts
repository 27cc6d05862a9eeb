import { stat } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { deploymentFolder, listDeployments } from "../../deploy/deployments.ts";
import { journalFile } from "../../deploy/journal.ts";
import { viewApp, viewAll, type AppView } from "../view.ts";
import { begin } from "./answer.ts";

/** Between two looks for changes, only while somebody has a page open. */
const every = 1_000;
const most = 100;

/** Server-sent events: that something changed, never what; the page is fetched again then. */
export class Live {
  readonly #home: string;
  readonly #open = new Set<ServerResponse>();

  constructor(home: string) {
    this.#home = home;
  }

  /** Stays open until the reader leaves. */
  follow(response: ServerResponse, app: string | null): void {
    if (this.#open.size >= most) return void response.writeHead(503).end();
    this.#open.add(response);
    begin(response, 200, "events");
    response.write("retry: 3000\n\n");
    let before: string | undefined;
    let reads = true;
    const look = async (): Promise<void> => {
      const now = await this.#state(app).catch(() => before);
      // Who left meanwhile must not be looked for again: the timer would never end.
      if (!reads) return;
      response.write(before !== undefined && now !== before ? "event: changed\ndata: {}\n\n" : ": still here\n\n");
      before = now;
      timer = setTimeout(() => void look(), every);
    };
    let timer = setTimeout(() => void look(), 0);
    response.on("close", () => {
      reads = false;
      clearTimeout(timer);
      this.#open.delete(response);
    });
  }

  close(): void {
    for (const response of this.#open) response.end();
  }

  async #state(app: string | null): Promise<string> {
    const one = app === null ? undefined : await viewApp(this.#home, app);
    const apps = app === null ? await viewAll(this.#home) : one ? [one] : [];
    return (await Promise.all(apps.map(stateOf))).join("|");
  }
}

async function stateOf({ paths, look, runs, ledger }: AppView): Promise<string> {
  const [newest] = await listDeployments(paths);
  const journal = newest === undefined ? undefined : await stat(journalFile(deploymentFolder(paths, newest))).catch(() => undefined);
  return [look?.at, runs[0]?.id, runs[0]?.state, ledger.count, ledger.incidents[0]?.overAt, newest, journal?.size].join(" ");
}
