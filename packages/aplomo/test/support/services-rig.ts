import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { docker } from "./compose.ts";
import { ledgerClient, ledgerDatabase, pushLedgerDatabase } from "./ledger.ts";
import { buildProgram, makeLaptop, type Ended, type Laptop } from "./laptop.ts";
import { ownServer, type OwnServer } from "./own-server.ts";
import { root } from "./root.ts";

const run = promisify(execFile);
const services = ["backend", "web", "advisor", "files"] as const;
type Service = (typeof services)[number];

/** Four services and a database on a server of their own, built on a laptop: three go through a registry with a password, `files` through none. */
export interface ServicesRig {
  app: string;
  server: OwnServer;
  laptop: Laptop;
  /** What must stand nowhere. */
  planted: { password: string; key: string };
  /** With the engine of this machine, which builds. */
  aplomo(...args: string[]): Promise<Ended>;
  /** Changes one file of a service and commits it. */
  change(service: Service, file: string, edit: (text: string) => string): Promise<void>;
  /** Image and container of each service, as the server's engine knows them. */
  units(): Promise<Record<string, { image: string; container: string }>>;
  sql(text: string): Promise<string>;
  close(): Promise<void>;
}

export async function servicesRig(): Promise<ServicesRig> {
  const app = `v${randomBytes(4).toString("hex")}`;
  const top = await mkdtemp(join(tmpdir(), "aplomo-services-"));
  const registry = process.env["APLOMO_LAB_REGISTRY_PRIVATE"] ?? "";
  const engine = { DOCKER_HOST: process.env["DOCKER_HOST"] ?? "", DOCKER_CONFIG: join(top, "docker") };
  const password = (await readFile(process.env["APLOMO_LAB_REGISTRY_PASSWORD_FILE"] ?? "", "utf8")).trim();
  const key = randomBytes(20).toString("hex");
  await pushLedgerDatabase();
  const [server, program] = await Promise.all([ownServer(app), buildProgram(top)]);
  const laptop = await makeLaptop(top, "laptop", server, program);
  const git = (...args: string[]): Promise<unknown> =>
    run("git", ["-C", laptop.folder, "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
  const commit = async (): Promise<void> => {
    await git("add", "-A");
    await git("commit", "-qm", "x");
  };
  const asAccount = (script: string): Promise<string> => server.asRoot(`su - deploy -c '${script}'`);

  const prepare = async (): Promise<void> => {
    await mkdir(engine.DOCKER_CONFIG);
    await symlink(join(process.env["DOCKER_CONFIG"] ?? "", "cli-plugins"), join(engine.DOCKER_CONFIG, "cli-plugins"));
    await logIn(engine, registry, password);
    await server.asRoot(
      `umask 077; mkdir /home/deploy/in; cat >/home/deploy/in/password <<'E'\n${password}\nE\nchown -R deploy: /home/deploy/in`,
    );
    await asAccount(
      `docker login --username ${process.env["APLOMO_LAB_REGISTRY_USER"]} --password-stdin ${registry} </home/deploy/in/password`,
    );
    // A vault of Debian's, with a key nobody has to type a passphrase for.
    await server.asRoot(`umask 077; echo ${key} >/home/deploy/in/key; chown deploy: /home/deploy/in/key`);
    await asAccount(
      'gpg --batch --quiet --passphrase "" --quick-gen-key shop && pass init shop && pass insert --echo shop/secret-key </home/deploy/in/key',
    );
    await server.asRoot("rm -r /home/deploy/in");

    for (const name of services) {
      const fixture = join(root, "packages/aplomo/test/fixtures", name === "backend" ? "ledger" : "compose-app");
      await cp(fixture, join(laptop.folder, name), { recursive: true });
    }
    await writeFile(laptop.file, stringify(settings(app, registry)));
    await laptop.write("compose.yml", stringify(composeFile(app)));
    await laptop.write("app.env", "ALLOWED_HOSTS=shop.example.com\n");
    await laptop.write(".gitignore", ".*\n!.gitignore\napp.env\n");
    await git("init", "-q");
    await commit();
  };
  try {
    await prepare();
  } catch (error) {
    await server.close();
    throw error;
  }

  return {
    app,
    server,
    laptop,
    planted: { password, key },
    aplomo: (...args) => laptop.begin(args, engine).ended,
    async change(service, file, edit) {
      const path = join(laptop.folder, service, file);
      await writeFile(path, edit(await readFile(path, "utf8")));
      await commit();
    },
    async units() {
      const format = '{{index .Config.Labels "com.docker.compose.service"}} {{.Image}} {{.Id}}';
      const ids = `docker ps -q --filter label=com.docker.compose.project=${app}`;
      const lines = (await server.asRoot(`docker inspect --format '${format}' $(${ids})`)).split("\n").map((line) => line.split(" "));
      return Object.fromEntries(lines.map(([name = "", image = "", container = ""]) => [name, { image, container }]));
    },
    sql: (text) => server.asRoot(`docker exec ${app}-db-1 psql -XqAt -U ledger -d ledger -c "${text}"`),
    async close() {
      await server.close();
      const tags = (await docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}")).split("\n");
      for (const tag of tags) if (tag.includes(`/${app}/`)) await docker("rmi", "--force", tag).catch(() => "");
      await rm(top, { recursive: true, force: true });
    },
  };
}

function logIn(engine: Record<string, string>, registry: string, password: string): Promise<void> {
  const args = ["login", "--username", process.env["APLOMO_LAB_REGISTRY_USER"] ?? "", "--password-stdin", registry];
  return new Promise((resolve, reject) => {
    execFile("docker", args, { env: { ...process.env, ...engine } }, (error) => (error ? reject(error) : resolve())).stdin?.end(password);
  });
}

function settings(app: string, registry: string): object {
  const image = (name: Service): object => ({ build: name, ...(name === "files" ? {} : { repository: `${registry}/${app}/${name}` }) });
  return {
    app,
    target: { kind: "compose", host: "server", ssh_config: ".ssh/config" },
    images: Object.fromEntries(services.map((name) => [name, image(name)])),
    source: { pushed: "off" },
    env: {
      file: "app.env",
      from: { SECRET_KEY: { command: ["pass", "show", "shop/secret-key"] } },
      require: { SECRET_KEY: { secret: true, min_length: 32 }, ALLOWED_HOSTS: { list: "csv", each: "host" } },
    },
    databases: { ledger: { engine: "postgres", service: "db", invariants: { entries: { at_least: 0 } } } },
    migrate: { service: "backend", files: "/app/migrations", database: "ledger" },
    health: { service: "backend", port: 3000, path: "/healthz", within: "40s", watch: "1s" },
  };
}

function composeFile(app: string): object {
  const own = { image: `${app}/built`, env_file: ["app.env"], stop_grace_period: "3s" };
  const depends_on = { db: { condition: "service_healthy" } };
  const backend = { ...own, environment: { ...ledgerClient, SECRET_KEY: "${SECRET_KEY:?}" }, depends_on };
  return { services: { backend, web: own, advisor: own, files: own, db: ledgerDatabase }, volumes: { data: {} } };
}
