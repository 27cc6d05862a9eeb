import type { ServerResponse } from "node:http";
import { findAction } from "../actions.ts";
import { metrics } from "../metrics.ts";
import { actPage, choosePage } from "../pages/act.ts";
import { appPage } from "../pages/app.ts";
import { backupsPage } from "../pages/backups.ts";
import { comparePage } from "../pages/compare.ts";
import { dataPage } from "../pages/data.ts";
import { deploymentPage } from "../pages/deployment.ts";
import { deploymentsPage } from "../pages/deployments.ts";
import { doctorPage } from "../pages/doctor.ts";
import { html } from "../../report/html.ts";
import { incidentsPage } from "../pages/incidents.ts";
import { document, type Page } from "../pages/layout.ts";
import { overview, verdictOf } from "../pages/overview.ts";
import { rehearsalPage } from "../pages/rehearsal.ts";
import { runPage } from "../pages/run.ts";
import { script } from "../pages/script.ts";
import { style } from "../pages/style.ts";
import { trendsPage } from "../pages/trends.ts";
import { newestRuns } from "../runs.ts";
import { viewAll, viewApp, type AppView } from "../view.ts";
import { answer } from "./answer.ts";
import { openApi } from "./open-api.ts";
import type { Role } from "./tokens.ts";

/** What can be read. Gives false when there is nothing of this name. */
export async function read(response: ServerResponse, home: string, url: URL, role: Role, now: Date): Promise<boolean> {
  const [first = "", name = "", ...rest] = url.pathname.split("/").slice(1);
  const page = (found: Page | undefined): boolean => {
    if (found) answer(response, 200, "html", document(found, now));
    return found !== undefined;
  };
  if (url.pathname === "/") return page(overview(await viewAll(home), now));
  if (url.pathname === "/style.css") return done(answer(response, 200, "css", style, cached));
  if (url.pathname === "/script.js") return done(answer(response, 200, "js", script, cached));
  if (url.pathname === "/metrics") return done(answer(response, 200, "text", metrics(await viewAll(home))));
  if (url.pathname === "/openapi.json") return done(answer(response, 200, "json", JSON.stringify(openApi)));
  if (url.pathname === "/api/apps")
    return done(answer(response, 200, "json", JSON.stringify((await viewAll(home)).map((app) => brief(app, now)))));
  const app = first === "apps" || first === "api" ? await viewApp(home, first === "api" ? (rest[0] ?? "") : name) : undefined;
  if (!app) return false;
  if (first === "api") {
    const { look, ledger, newest } = app;
    const runs = await newestRuns(app.watch.runs, 50, () => true);
    const whole = {
      ...brief(app, now),
      look: look ?? null,
      incidents: ledger.incidents,
      runs: runs.map(({ id, job, slot, attempt, missed, state, startedAt, endedAt }) => ({
        id,
        job,
        slot,
        attempt,
        missed,
        state,
        startedAt,
        endedAt,
      })),
      newest: newest ?? null,
    };
    return done(answer(response, 200, "json", JSON.stringify(whole)));
  }
  return page(await appPlace(app, rest, url, role, now)) || badge(response, app, rest, now);
}

const cached = { "cache-control": "private, max-age=300" };

function done(_answered: void): true {
  return true;
}

function appPlace(
  app: AppView,
  [place = "", id = "", ...more]: string[],
  url: URL,
  role: Role,
  now: Date,
): Page | undefined | Promise<Page | undefined> {
  if (more.length > 0) return undefined;
  const mayAct = role === "operate";
  const from = Math.max(0, Math.trunc(Number(url.searchParams.get("from")) || 0));
  switch (id === "" ? place : `${place}/`) {
    case "":
      return appPage(app, now, mayAct);
    case "deployments":
      return deploymentsPage(app, from);
    case "deployments/":
      return deploymentPage(app, id);
    case "backups":
      return backupsPage(app, now, from, mayAct);
    case "data":
      return dataPage(app, now);
    case "incidents":
      return incidentsPage(app, now);
    case "trends":
      return trendsPage(app, now, Number(url.searchParams.get("days")));
    case "doctor":
      return doctorPage(app, now, mayAct);
    case "rehearsals/":
      return rehearsalPage(app, id);
    case "compare":
      return comparePage(app, url.searchParams.get("from") ?? "", url.searchParams.get("to") ?? "");
    case "runs/":
      return runPage(app, id);
    case "act/":
      return mayAct ? confirmation(app, id, url.searchParams.get("release")) : undefined;
    default:
      return undefined;
  }
}

async function confirmation(app: AppView, name: string, release: string | null): Promise<Page | undefined> {
  if (name === "rollback" && release === null) return choosePage(app);
  const action = await findAction(app, name, release);
  return action && actPage(app, action, release);
}

function brief(
  app: AppView,
  now: Date,
): { app: string; good: boolean | null; state: string; release: string | null; lookedAt: string | null } {
  const { good, words } = verdictOf(app, now);
  return { app: app.registered.app, good, state: words, release: app.look?.sample.release ?? null, lookedAt: app.look?.at ?? null };
}

function badge(response: ServerResponse, app: AppView, [place]: string[], now: Date): boolean {
  if (place !== "badge.svg") return false;
  const { good, words } = verdictOf(app, now);
  const fill = good === null ? "#565d66" : good ? "#12703c" : "#b3261e";
  const { html: svg } = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    width="220"
    height="20"
    role="img"
    aria-label="${app.registered.app}: ${words}"
  >
    <rect width="220" height="20" rx="3" fill="${fill}" />
    <text x="8" y="14" fill="#fff" font-family="sans-serif" font-size="11">${app.registered.app}: ${words}</text>
  </svg>`;
  answer(response, 200, "svg", svg);
  return true;
}
