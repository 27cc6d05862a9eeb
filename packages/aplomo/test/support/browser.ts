import assert from "node:assert/strict";
import { accessSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { root } from "./root.ts";

/** A picture of every page stays here, and is looked at. */
export const pictures = join(root, ".cache/screenshots");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What it looks like, and to whom: each page is looked at in all of them. */
export const looks = [
  ["desktop-light", 1440, "light"],
  ["desktop-dark", 1440, "dark"],
  ["phone-light", 390, "light"],
  ["phone-dark", 390, "dark"],
] as const;

export const chromiumProgram = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
});

export function launch(): Promise<Browser> {
  return chromium.launch({ ...(chromiumProgram === undefined ? {} : { executablePath: chromiumProgram }), args: ["--no-sandbox"] });
}

/** A page that came in by an address with a token, and is told of each request that leaves the dashboard. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; foreign: string[] }> {
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

/** Opens each path, keeps a picture of it, and holds that nothing sticks out, that axe finds nothing and that nobody else is asked for anything. */
export async function inspect(browser: Browser, url: string, look: (typeof looks)[number], paths: readonly string[]): Promise<void> {
  const [name, width, colorScheme] = look;
  await mkdir(pictures, { recursive: true });
  const { page, foreign } = await openPage(browser, url, { viewport: { width, height: 900 }, colorScheme });
  for (const path of paths) {
    await page.goto(new URL(path, url).href);
    assert.equal(await page.locator("h1").count(), 1, path);
    const wide = await page.evaluate("document.documentElement.scrollWidth");
    assert.ok(Number(wide) <= width, `${path} is ${String(wide)} wide`);
    await page.screenshot({ path: join(pictures, `${name}${path.replaceAll(/\W/g, "-")}.png`), fullPage: true });
    assert.deepEqual(await violations(page), [], path);
  }
  assert.deepEqual(foreign, []);
  await page.context().close();
}

/** What axe finds, each in a line. Its code is put in through the protocol, past the page's own policy. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axe, "utf8"));
  const { violations: found } = (await page.evaluate("axe.run()")) as { violations: { id: string; nodes: { html: string }[] }[] };
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(" ")}`);
}
