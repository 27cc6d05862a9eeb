import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Site } from "../../../src/edges/contract.ts";
import { openEdge } from "../../../src/edges/index.ts";
import { deployArgs, parseList, pauseArgs } from "../../../src/edges/kamal-proxy/commands.ts";
import { parseUpstreamFile, upstreamFile } from "../../../src/edges/nginx/upstream-file.ts";
import { parseWorkers } from "../../../src/edges/nginx/workers.ts";
import { agreeOnPorts, forgetPorts, portRefusals } from "../../../src/edges/ports.ts";
import { runContainer } from "../../../src/host/docker.ts";
import { dynamicFile } from "../../../src/edges/traefik/dynamic.ts";
import { addressOf, parseAddress, sameUpstreams } from "../../../src/edges/upstreams.ts";

const site: Site = {
  app: "shop",
  hosts: ["shop.test", "www.shop.test"],
  path: "/",
  https: true,
  certificate: null,
  health: "/up",
  drain: 20_000,
};
const units = [
  { host: "10.0.0.1", port: 3000 },
  { host: "10.0.0.2", port: 3000 },
];

describe("addresses", () => {
  it("are read back as they were written", () => {
    for (const unit of [...units, { host: "::1", port: 80 }]) assert.deepEqual(parseAddress(addressOf(unit)), unit);
  });

  it("are the same in whatever order", () => {
    assert.ok(sameUpstreams(units, units.toReversed()));
    assert.ok(!sameUpstreams(units, units.slice(1)));
    assert.ok(!sameUpstreams(null, []));
  });
});

describe("kamal-proxy's words", () => {
  it("deploy all units with hosts, HTTPS and health", () => {
    const words = deployArgs(site, units, 5_000).join(" ");
    assert.match(words, /^deploy shop --target 10\.0\.0\.1:3000 --target 10\.0\.0\.2:3000 --host shop\.test --host www\.shop\.test --tls /);
    assert.match(words, /--health-check-path \/up .*--deploy-timeout 5000ms --drain-timeout 20000ms/);
    assert.doesNotMatch(words, /--force|--path-prefix/);
  });

  it("leave the check to the driver where no path answers 2xx, and keep a path on", () => {
    const words = deployArgs({ ...site, https: false, health: null, path: "/api/" }, units, 5_000).join(" ");
    assert.match(words, /--path-prefix \/api --strip-path-prefix=false --force/);
    assert.doesNotMatch(words, /--tls|health/);
  });

  it("pause no longer than asked", () => assert.deepEqual(pauseArgs(site, 45_000).slice(-2), ["--max-pause", "45000ms"]));

  it("list what is there", () => {
    const table =
      "Service  Host       Path  Target                         State    TLS \nshop     shop.test  /     10.0.0.1:3000,10.0.0.2:3000    paused   yes \n";
    assert.deepEqual(parseList(table), [
      { service: "shop", host: "shop.test", path: "/", targets: ["10.0.0.1:3000", "10.0.0.2:3000"], state: "paused", tls: true },
    ]);
    assert.deepEqual(parseList(""), []);
  });
});

describe("nginx's file", () => {
  it("is read back as it was written", () => {
    assert.deepEqual(parseUpstreamFile(upstreamFile("shop", units)), units.map(addressOf));
    assert.equal(parseUpstreamFile(undefined), null);
  });

  it("tells workers that leave from those that stay", () => {
    const said = "  101 nginx: worker process is shutting down\n 102 nginx: worker process\n 103 nginx: cache manager process\n";
    assert.deepEqual(parseWorkers(said), [
      { pid: 101, leaving: true },
      { pid: 102, leaving: false },
    ]);
  });
});

describe("Traefik's file", () => {
  const options = { directory: "/d", entryPoints: ["websecure"], url: "http://127.0.0.1", resolver: "le" };
  const http = (of: Site): { routers: Record<string, { rule: string; tls?: object }>; services: object } =>
    (dynamicFile(of, units, options, "0".repeat(16)) as unknown as { http: ReturnType<typeof http> }).http;

  it("routes every host to every unit, by names that carry the application's", () => {
    const { routers, services } = http(site);
    assert.equal(routers["aplomo-shop"]?.rule, "(Host(`shop.test`) || Host(`www.shop.test`))");
    assert.deepEqual(routers["aplomo-shop"]?.tls, { certResolver: "le" });
    assert.deepEqual(services, {
      "aplomo-shop": {
        loadBalancer: { servers: [{ url: "http://10.0.0.1:3000" }, { url: "http://10.0.0.2:3000" }], passHostHeader: true },
      },
    });
  });

  it("takes a path, and everything when nothing is named", () => {
    assert.equal(http({ ...site, path: "/api" }).routers["aplomo-shop"]?.rule.split(" && ")[1], "(Path(`/api`) || PathPrefix(`/api/`))");
    const { routers } = http({ ...site, hosts: [], https: false });
    assert.deepEqual([routers["aplomo-shop"]?.rule, routers["aplomo-shop"]?.tls], ["PathPrefix(`/`)", undefined]);
  });
});

describe("a container", () => {
  it("is in the host's network, comes back by itself, and has its folder at the same place", () => {
    const program = { name: "aplomo-edge-caddy", folder: "/var/lib/aplomo/edge/caddy", args: ["run"], env: { HOME: "/h" } };
    const words = runContainer({ ...program, image: "caddy:2.11", program: "caddy" }).argv.join(" ");
    assert.match(
      words,
      /--restart unless-stopped .*--network host .*--mount type=bind,source=\/var\/lib\/aplomo\/edge\/caddy,target=\/var\/lib\/aplomo\/edge\/caddy /,
    );
    assert.match(words, / --entrypoint caddy caddy:2\.11 run$/);
  });
});

describe("ports of a shared edge", () => {
  it("are those of the application that came first, until all have gone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aplomo-edge-"));
    try {
      await agreeOnPorts(folder, { http: 80, https: 443 });
      await agreeOnPorts(folder, { http: 80, https: 443 });
      await assert.rejects(
        agreeOnPorts(folder, { http: 8080, https: 443 }),
        /it listens on 80 and 443 for the applications that are here already/,
      );
      assert.equal((await portRefusals(folder, { http: 8080, https: 443 }, true)).length, 1);
      await forgetPorts(folder);
      await agreeOnPorts(folder, { http: 8080, https: 443 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe("no edge", () => {
  it("does nothing, and its capabilities say so", async () => {
    const edge = openEdge({ host: {}, emit: () => {}, signal: AbortSignal.abort(), home: "/", now: () => new Date() } as never, site, {
      kind: "none",
    });
    assert.equal(edge.capabilities.switches, false);
    await edge.point(units);
    assert.deepEqual(await edge.current(), { upstreams: null, holding: false, settled: true });
  });
});
