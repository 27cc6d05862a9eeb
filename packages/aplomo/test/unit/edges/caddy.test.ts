import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { caddyConfig, caddyFolder, pointerOf, type CaddyFolder } from "../../../src/edges/caddy/config.ts";
import { readPointer, writePointer } from "../../../src/edges/caddy/pointer.ts";
import { clashOf, readSites, removeSite, withSite, writeSite } from "../../../src/edges/caddy/sites.ts";
import type { Site } from "../../../src/edges/contract.ts";

const site = (app: string, changes: Partial<Site> = {}): Site => ({
  app,
  hosts: [`${app}.test`],
  path: "/",
  https: false,
  certificate: null,
  health: null,
  drain: 1_000,
  ...changes,
});

interface Served {
  apps: {
    http: {
      servers: Record<string, { listen: string[]; routes: { match: { host?: string[]; path?: string[] }[] }[]; automatic_https?: object }>;
    };
  };
}

describe("caddy's configuration", () => {
  const of = (...sites: Site[]): Served["apps"]["http"]["servers"] =>
    (caddyConfig(caddyFolder("/edge"), { http: 80, https: 443 }, sites) as unknown as Served).apps.http.servers;

  it("is the same whatever a site points at, and whatever the order of sites", () => {
    assert.deepEqual(of(site("a"), site("b")), of(site("b"), site("a")));
    assert.match(JSON.stringify(of(site("a"))), /\{file\.\/edge\/sites\/a\/now\/0\}/);
  });

  it("asks hosts before none, and long paths before short ones", () => {
    const servers = of(site("rest", { hosts: [] }), site("shop"), site("api", { hosts: ["shop.test"], path: "/api/" }));
    assert.deepEqual(
      servers["plain"]?.routes.map(({ match: [first] }) => first),
      [{ host: ["shop.test"], path: ["/api", "/api/*"] }, { host: ["shop.test"] }, {}],
    );
  });

  it("serves HTTPS where it is meant, and gets no certificate for hosts that bring their own", () => {
    const servers = of(site("a"), site("b", { https: true }), site("c", { https: true, certificate: { file: "/c.pem", key: "/c.key" } }));
    assert.deepEqual(servers["plain"]?.listen, [":80"]);
    assert.deepEqual(servers["secure"]?.listen, [":443"]);
    assert.deepEqual(servers["secure"]?.automatic_https, { skip_certificates: ["c.test"] });
    assert.equal(of(site("a"))["secure"], undefined);
  });
});

describe("caddy's files", () => {
  let folder: CaddyFolder;
  beforeEach(async () => (folder = caddyFolder(await mkdtemp(join(tmpdir(), "aplomo-edge-")))));
  afterEach(() => rm(folder.path, { recursive: true, force: true }));

  const slot = (number: number): Promise<string> => readFile(join(pointerOf(folder, "shop"), String(number)), "utf8");

  it("fill every slot with units in turn, and keep one pointer besides the present one", async () => {
    const upstreams = [3001, 3002, 3003].map((port) => ({ host: "10.0.0.1", port }));
    for (let number = 0; number < 4; number += 1) await writePointer(folder, "shop", { upstreams, holding: false });
    assert.deepEqual(
      await Promise.all([0, 1, 2, 3, 23].map(slot)),
      [3001, 3002, 3003, 3001, 3003].map((port) => `10.0.0.1:${port}`),
    );
    assert.deepEqual((await readdir(join(folder.sites, "shop"))).toSorted(), ["now", "p3", "p4"]);
  });

  it("name a socket that nobody has while requests are held, and remember where they will go", async () => {
    const upstreams = [{ host: "::1", port: 3000, name: "more than an address" }];
    await writePointer(folder, "shop", { upstreams, holding: true });
    assert.equal(await slot(0), `unix/${folder.path}/nobody.sock`);
    assert.deepEqual(await readPointer(folder, "shop"), { upstreams: [{ host: "::1", port: 3000 }], holding: true });
    await writePointer(folder, "shop", { upstreams, holding: false });
    assert.equal(await slot(7), "[::1]:3000");
  });

  it("refuse more units than there are slots", async () => {
    const upstreams = Array.from({ length: 25 }, (_, index) => ({ host: "10.0.0.1", port: 3000 + index }));
    await assert.rejects(writePointer(folder, "shop", { upstreams, holding: false }), /25 units/);
  });

  it("keep every application's site", async () => {
    await writeSite(folder, site("b"));
    await writeSite(folder, site("a"));
    assert.deepEqual(
      (await readSites(folder)).map(({ app }) => app),
      ["a", "b"],
    );
    await removeSite(folder, "a");
    assert.deepEqual(
      (await readSites(folder)).map(({ app }) => app),
      ["b"],
    );
  });
});

describe("two sites", () => {
  it("may not answer for the same requests", () => {
    const others = [site("blog"), site("rest", { hosts: [] })];
    assert.match(clashOf(others, site("shop", { hosts: ["x.test", "blog.test"] }))?.message ?? "", /blog answers for blog\.test/);
    assert.match(clashOf(others, site("shop", { hosts: [] }))?.message ?? "", /rest answers for every host/);
    assert.equal(clashOf(others, site("shop", { hosts: ["blog.test"], path: "/shop" })), undefined);
    assert.equal(clashOf(others, site("blog", { hosts: ["blog.test", "more.test"] })), undefined);
    assert.throws(() => withSite(others, site("shop", { hosts: ["blog.test"] })), /could not put in front shop/);
    assert.deepEqual(
      withSite(others, site("blog")).map(({ app }) => app),
      ["rest", "blog"],
    );
  });
});
