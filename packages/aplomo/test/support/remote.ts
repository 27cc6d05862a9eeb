import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { buildFixture, docker, type Loose } from "./compose.ts";
import { buildProgram, makeLaptop, type Laptop } from "./laptop.ts";
import { accountOnServer } from "./remote-place.ts";

export interface RemoteRig {
  app: string;
  /** A script on the server, as root. */
  server(script: string): Promise<string>;
  home: string;
  laptop(name: string): Promise<Laptop>;
  /** Says in the compose file of a laptop what to deploy next. */
  release(laptop: Laptop, version: string, web?: Loose): Promise<void>;
  /** The version that answers on the server. */
  answering(): Promise<string>;
  close(): Promise<void>;
}

/** An application of one service, its account on the lab's first server, and laptops. */
export async function remoteRig(): Promise<RemoteRig> {
  const app = `r${randomBytes(4).toString("hex")}`;
  const top = await mkdtemp(join(tmpdir(), "aplomo-remote-"));
  const registry = process.env["APLOMO_LAB_REGISTRY"] ?? "";
  const place = await accountOnServer(app);
  const program = await buildProgram(top);
  const port = 20_000 + (Number.parseInt(app.slice(1, 4), 16) % 9_000);
  const images = new Set<string>();
  const ask = `exec 3<>/dev/tcp/127.0.0.1/${port}; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3`;

  return {
    app,
    home: `/home/${app}/.local/state/aplomo`,
    server: (script) => place.asRoot(script),
    async laptop(name) {
      const laptop = await makeLaptop(top, name, place, program);
      const yml = {
        app,
        target: { kind: "compose", host: "server", ssh_config: ".ssh/config" },
        env: { file: "app.env", require: { FROM_SHELL: {} } },
        health: { service: "web", port: 3000, path: "/", watch: "1s" },
      };
      await writeFile(laptop.file, stringify(yml));
      await laptop.write("app.env", "COLOUR=red\n");
      return laptop;
    },
    async release(laptop, version, web = {}) {
      const image = `${registry}/aplomo-test/${app}:${version}`;
      if (!images.has(image)) {
        await docker("tag", await buildFixture(version), image);
        await docker("push", "--quiet", image);
        images.add(image);
      }
      const service = { image, env_file: ["app.env"], ports: [`127.0.0.1:${port}:3000`], stop_grace_period: "3s", ...web };
      await laptop.write("compose.yml", stringify({ services: { web: service } }));
    },
    answering: () => place.asRoot(`bash -c '${ask}'`).catch(() => "nothing"),
    async close() {
      const labelled = `--filter label=com.docker.compose.project=${app}`;
      const tags = `grep -E "^(aplomo.local/${app}/|${registry}/aplomo-test/${app}:)"`;
      await place.asRoot(
        `docker ps -aq ${labelled} | xargs -r docker rm -f >/dev/null; docker network ls -q ${labelled} | xargs -r docker network rm >/dev/null;` +
          ` docker image ls --format "{{.Repository}}:{{.Tag}}" | ${tags} | xargs -r docker rmi >/dev/null; true`,
      );
      await place.close();
      for (const image of images) await docker("rmi", image).catch(() => "");
      await rm(top, { recursive: true, force: true });
    },
  };
}
