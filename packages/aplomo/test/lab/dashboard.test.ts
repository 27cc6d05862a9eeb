import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { aplomo, type AgendaRig } from "../support/agenda.ts";
import { pm2Rig } from "../support/agenda-pm2.ts";
import { need } from "../support/need.ts";
import { root } from "../support/root.ts";

const program = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
});
const skip = need(program !== undefined, "no Chromium: apt-get install chromium");
const cli = process.env["APLOMO_TEST_CLI"] ?? join(root, ".cache/js/packages/aplomo/src/cli/bin.js");
const pictures = join(root, ".cache/screenshots");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

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
    await mkdir(pictures, { recursive: true });
    browser = await chromium.launch({ ...(program === undefined ? {} : { executablePath: program }), args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    for (const child of processes) {
      child.kill("SIGTERM");
      if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    }
    await rig?.close();
  });

  /** A page that is logged in and is told of each request that leaves the dashboard. */
  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; foreign: string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const foreign: string[] = [];
    const { origin } = new URL(url);
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) foreign.push(request.url());
    });
    await page.goto(url);
    return { page, foreign };
  }
  const at = (path: string): string => new URL(path, url).href;
  const places = [
    "/",
    "/apps/agenda",
    "/apps/agenda/deployments",
    "/apps/agenda/deployments/d1",
    "/apps/agenda/backups",
    "/apps/agenda/data",
    "/apps/agenda/incidents",
    "/apps/agenda/act/backup",
  ];

  for (const [name, width, colorScheme] of [
    ["desktop", 1440, "light"],
    ["phone", 390, "dark"],
  ] as const)
    it(`every page on a ${name}: nothing sticks out, axe finds nothing, nothing is asked of others`, async () => {
      const { page, foreign } = await open({ viewport: { width, height: 900 }, colorScheme });
      for (const path of places) {
        await page.goto(at(path));
        assert.equal(await page.locator("h1").count(), 1, path);
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        assert.ok(Number(wide) <= width, `${path} is ${String(wide)} wide`);
        await page.screenshot({ path: join(pictures, `${name}${path.replaceAll("/", "-")}.png`), fullPage: true });
        assert.deepEqual(await violations(page), [], path);
      }
      assert.deepEqual(foreign, []);
      await page.context().close();
    });

  it("reads the same without JavaScript", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    await page.goto(at("/apps/agenda/deployments/d1"));
    assert.match((await page.textContent("main")) ?? "", /deployed.*wait until every unit/s);
    await page.context().close();
  });

  it("begins a backup after a confirmation, by the keyboard alone, and shows it end without being loaded again", async () => {
    const { page } = await open();
    await page.goto(at("/apps/agenda"));
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "To the content");
    await page.locator("a", { hasText: "Back up now" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/act/backup");
    assert.match((await page.textContent("main")) ?? "", /proven by restoring it beside the live data/);
    await page.locator("button", { hasText: "Back up now" }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/runs/backup_*");
    await page.evaluate("window.same = true");
    await page.locator("main .state", { hasText: "done" }).waitFor({ timeout: 60_000 });
    assert.equal(await page.evaluate("window.same"), true);
    await page.goto(at("/apps/agenda/backups"));
    assert.match((await page.textContent("main")) ?? "", /agenda_manual_\d+_\d+\s*agenda\s*manual\s*✓ proven/);
    await page.context().close();
  });

  /** What axe finds, each in a line. Its code is put in through the protocol, past the page's own policy. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(await readFile(axe, "utf8"));
    const { violations: found } = (await page.evaluate("axe.run()")) as { violations: { id: string; nodes: { html: string }[] }[] };
    return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" ")}`);
  }
});
