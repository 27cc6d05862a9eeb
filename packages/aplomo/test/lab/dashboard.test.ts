import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { Live } from "../../src/agent/door/live.ts";
import { openPublic } from "../../src/agent/door/open.ts";
import { makeToken } from "../../src/agent/door/tokens.ts";
import { Timekeeper } from "../../src/agent/keep-time.ts";
import { agentPaths } from "../../src/agent/paths.ts";
import type { Context } from "../../src/host/context.ts";
import { local } from "../../src/host/local.ts";
import { fillPark, fillShowpiece } from "../support/agent-park.ts";
import { aplomo, type AgendaRig } from "../support/agenda.ts";
import { pm2Rig } from "../support/agenda-pm2.ts";
import { chromiumProgram, inspect, launch, looks, openPage } from "../support/browser.ts";
import { cli } from "../support/cli.ts";
import { need } from "../support/need.ts";

const skip = need(chromiumProgram !== undefined, "no Chromium: apt-get install chromium");

describe("the dashboard, in a browser, over a real agent and a real deployment", { skip }, () => {
  let rig: AgendaRig;
  let browser: Browser;
  let url = "";
  const processes: ChildProcess[] = [];
  const start = (...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, [cli, ...args, "--json"], {
      cwd: rig.folder,
      env: rig.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    processes.push(child);
    return child;
  };

  before(async () => {
    rig = await pm2Rig();
    rig.configure(/watch: \w+/, "watch: 1s");
    rig.configure(/$/, "watch: { every: 2s }\n");
    await rig.assemble("v1");
    const deployed = await aplomo(rig, "deploy");
    assert.equal(deployed.code, 0, deployed.output.slice(-2_000));
    assert.equal((await aplomo(rig, "agent", "add")).code, 0);
    const agent = start("agent", "run");
    await once(agent.stdout as NodeJS.ReadableStream, "data");
    agent.stdout?.resume();
    const dashboard = start("dashboard");
    const [line] = (await once(dashboard.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    url = (JSON.parse(line.toString()) as { data: { url: string } }).data.url;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    for (const child of processes) {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    }
    await rig?.close();
  });

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => (await openPage(browser, url, options)).page;
  const at = (path: string): string => new URL(path, url).href;
  const text = async (page: Page): Promise<string> => (await page.textContent("main")) ?? "";

  it("every page of an application that was deployed once, on a desktop and on a phone", async () => {
    const places = ["", "/deployments", "/deployments/d1", "/backups", "/data", "/trends", "/doctor", "/incidents", "/act/backup"];
    const paths = ["/", ...places.map((place) => `/apps/agenda${place}`)];
    for (const look of [looks[0], looks[3]]) await inspect(browser, url, look, paths);
  });

  it("reads the same without JavaScript", async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(at("/apps/agenda/deployments/d1"));
    assert.match(await text(page), /deployed.*wait until every unit/s);
    await page.context().close();
  });

  it("is gone through with the keyboard from top to bottom, and what has the focus is seen", async () => {
    const page = await open({ viewport: { width: 1440, height: 900 } });
    await page.goto(at("/apps/agenda"));
    const seen: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press("Tab");
      seen.push(String(await page.evaluate("document.activeElement.textContent.trim()")));
      assert.notEqual(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "none", seen.at(-1));
    }
    const places = ["Now", "Deployments", "Backups", "Data", "Trends", "Doctor", "Incidents"];
    assert.deepEqual(seen, ["To the content", "Aplomo", "agenda", ...places, "Back up now", "Drill"]);
    await page.context().close();
  });

  it("begins a backup after a confirmation, by the keyboard alone, and shows it end without being loaded again", async () => {
    const page = await open();
    await page.goto(at("/apps/agenda"));
    await page.locator("a", { hasText: "Back up now" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/act/backup");
    assert.match(await text(page), /proven by restoring it beside the live data/);
    await page.locator("button", { hasText: "Back up now" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/runs/backup_*");
    await page.evaluate("window.same = true");
    await page.locator("main .state", { hasText: "done" }).waitFor({ timeout: 60_000 });
    assert.equal(await page.evaluate("window.same"), true);
    await page.goto(at("/apps/agenda/backups"));
    assert.match(await text(page), /agenda_manual_\d+_\d+\s*agenda\s*manual\s*✓ proven/);
    await page.context().close();
  });

  it("asks the doctor, and tells what it found", async () => {
    const page = await open();
    await page.goto(at("/apps/agenda/doctor"));
    assert.match(await text(page), /not asked yet/);
    await page.locator("a", { hasText: "Ask the doctor now" }).click();
    await page.locator("button", { hasText: "Ask the doctor" }).click();
    await page.waitForURL("**/runs/doctor_*");
    await page.locator("main .state", { hasText: "done" }).waitFor({ timeout: 60_000 });
    await page.goto(at("/apps/agenda/doctor"));
    assert.match(await text(page), /no cause of trouble|causes? of trouble/);
    await page.context().close();
  });
});

/** What one deployment cannot show: failures, rehearsals, a month of history, incidents; in the files as the agent and deploys write them. */
describe("every page with a month behind it", { skip }, () => {
  let home: string;
  let server: Server;
  let browser: Browser;
  let url = "";
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "aplomo-month-"));
    const now = new Date();
    await fillPark(home, { apps: 4, deployments: 20, runs: 3 }, now);
    await fillShowpiece(home, "clinic", now);
    const ctx: Context = { host: local, emit: () => {}, signal: new AbortController().signal, home, now: () => now };
    const doors = { ctx, timekeeper: new Timekeeper(ctx, () => Promise.resolve()), live: new Live(home) };
    const token = (await makeToken(agentPaths(home), { who: "ana", role: "operate" })).reveal();
    server = await openPublic(doors, { host: "127.0.0.1", port: 0 });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${token}`;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    server?.close();
    server?.closeAllConnections();
    await rm(home, { recursive: true, force: true });
  });

  const places = ["", "/deployments", "/deployments/d24", "/deployments/d23", "/rehearsals/d24", "/backups", "/data", "/trends?days=31"];
  const more = ["/doctor", "/incidents", "/compare?from=r22&to=r24", "/act/rollback", "/act/rollback?release=r22"];
  for (const look of looks)
    it(`${look[0]}: nothing sticks out, axe finds nothing, nothing is asked of others`, async () => {
      await inspect(browser, url, look, ["/?", ...[...places, ...more].map((place) => `/apps/clinic${place}`)]);
    });
});
