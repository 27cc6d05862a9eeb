import assert from "node:assert/strict";
import { test } from "node:test";
import type { Project } from "../../../src/targets/compose/model.ts";
import { enclose } from "../../../src/targets/compose/room.ts";

const project = {
  services: {
    web: {
      image: "sha256:1",
      environment: { TOKEN: "x" },
      labels: { "traefik.enable": "true" },
      depends_on: { db: {} },
      ports: ["80:3000"],
      container_name: "the-web",
      networks: { front: { aliases: ["shop"], ipv4_address: "10.0.0.9" } },
      volumes: ["/srv/uploads:/app/uploads", "/srv/app.conf:/etc/app.conf", "/srv/fonts:/fonts:ro", "cache:/cache", "/srv/copies:/data"],
      restart: "always",
      privileged: true,
    },
    db: {
      image: "sha256:2",
      environment: {},
      labels: {},
      depends_on: {},
      network_mode: "host",
      volumes: [{ type: "volume", source: "data", target: "/var/lib/postgresql/data" }],
    },
  },
  volumes: { data: { name: "production_data", external: true } },
  networks: { front: { external: true } },
} as unknown as Project;

const room = enclose(project, ["web", "db", "absent"], {
  closed: true,
  folders: ["/srv/copies"],
  imageVolumes: { web: ["/var/cache/app", "/cache"] },
  environment: (_service, variables) => ({ ...variables, MAIL: "off" }),
});

test("nothing of production's is in a rehearsal: no volume, no network, no port, no name", () => {
  assert.deepEqual(Object.keys(room.services), ["web", "db"]);
  assert.doesNotMatch(
    JSON.stringify(room),
    /production_data|external|"front"|ipv4|container_name|network_mode|"ports"|traefik|privileged|depends_on":\{"/,
  );
  assert.deepEqual(room.networks, { default: { internal: true } });
  const sources = Object.values(room.services).flatMap((service) =>
    (service.volumes ?? []).map((mount) => mount as { type: string; source: string }),
  );
  const named = sources.filter(({ type }) => type === "volume").map(({ source }) => source);
  assert.deepEqual(named.toSorted(), Object.keys(room.volumes ?? {}).toSorted());
  assert.ok(Object.values(room.volumes ?? {}).every((volume) => volume === null));
});

test("what could be written is empty and the room's own; what is only read stays readable", () => {
  assert.deepEqual(room.services["web"]?.volumes, [
    { type: "volume", source: "web-app-uploads", target: "/app/uploads" },
    { type: "bind", source: "/srv/app.conf", target: "/etc/app.conf", read_only: true },
    { type: "bind", source: "/srv/fonts", target: "/fonts", read_only: true },
    { type: "volume", source: "web-cache", target: "/cache" },
    // The copy is a file in it.
    { type: "bind", source: "/srv/copies", target: "/data" },
    { type: "volume", source: "web-var-cache-app", target: "/var/cache/app" },
  ]);
});

test("every name under which others know a service means the one in the room", () => {
  assert.deepEqual(room.services["web"]?.networks, { default: { aliases: ["web", "the-web", "shop"] } });
  assert.deepEqual(room.services["web"]?.environment, { TOKEN: "x", MAIL: "off" });
  assert.equal(room.services["web"]?.restart, "no");
});

test("the network leads out only for a copy that lies outside", () => {
  const open = enclose(project, ["web"], { closed: false, folders: [], imageVolumes: {}, environment: (_service, variables) => variables });
  assert.deepEqual(open.networks, { default: {} });
});
