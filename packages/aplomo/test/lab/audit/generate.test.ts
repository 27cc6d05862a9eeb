import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { promisify } from "node:util";
import { auditFolder } from "../../../src/audit/run.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { root } from "../../support/root.ts";
import { aplomo } from "../../unit/cli/aplomo.ts";

const run = promisify(execFile);
const skip = whyNoCompose("V2") ?? false;
let folder = "";
let env: NodeJS.ProcessEnv = {};
const docker = async (...args: string[]): Promise<string> =>
  (await run("docker", args, { cwd: folder, env, maxBuffer: 32 * 1024 * 1024 })).stdout.trim();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const server = `import http from "node:http";
import pg from "pg";
import { health } from "./health.js";
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on("error", () => {});
const healthz = health({ database: () => pool.query("SELECT 1") });
const server = http.createServer((request, response) => (request.url === "/healthz" ? healthz(request, response) : response.end("hello")));
server.listen(Number(process.env.PORT), "0.0.0.0");
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(1), 8000).unref();
});
`;

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), "aplomo-generate-"));
  const port = await freePort();
  env = {
    ...process.env,
    DOCKER_BUILDKIT: "0",
    COMPOSE_PROJECT_NAME: `aplomo-generate-${port}`,
    IMAGE: `aplomo-test/generated:${port}`,
    POSTGRES_IMAGE: "aplomo-lab/postgres:latest",
    POSTGRES_PASSWORD: "a7Kp2xQ9vLw4nZ8r",
    PUBLISHED_PORT: String(port),
  };
  await writeFile(
    join(folder, "package.json"),
    '{ "name": "shop", "type": "module", "scripts": { "start": "node server.js" }, "dependencies": { "pg": "8" } }',
  );
  await writeFile(join(folder, "server.js"), server.replaceAll(/^.*health.*\n/gm, ""));
});

after(async () => {
  if (skip) return;
  await docker("compose", "down", "--volumes", "--timeout", "2").catch(() => "");
  await docker("rmi", env["IMAGE"] ?? "").catch(() => "");
  await rm(folder, { recursive: true, force: true });
});

it("generated files pass the audit, build, become healthy, answer, and end in time", { skip, timeout: 300_000 }, async () => {
  assert.equal((await aplomo(["init", "--generate"], folder)).code, 0);
  // As the comment of the health route asks for.
  await writeFile(join(folder, "server.js"), server);
  assert.deepEqual(
    auditFolder(folder)
      .made.findings.filter((finding) => finding.severity !== "info")
      .map((finding) => finding.rule.id),
    [],
  );
  // No registry is in reach: the modules come along, as an image of a team's own would bring them.
  await cp(join(root, "examples/agenda/node_modules"), join(folder, "modules"), { recursive: true });
  const dockerfile = join(folder, "Dockerfile");
  const text = await readFile(dockerfile, "utf8");
  const offline = text.replace(/^RUN npm .*$/m, "COPY modules ./node_modules");
  assert.notEqual(offline, text);
  await writeFile(dockerfile, offline);
  await docker("build", "-q", "-t", env["IMAGE"] ?? "", "--build-arg", "BASE=aplomo-lab/node:latest", ".");
  await docker("compose", "up", "-d", "--no-build", "--wait", "--wait-timeout", "120").catch(async (error: unknown) => {
    throw new Error(await docker("compose", "logs", "web"), { cause: error });
  });
  const web = await docker("compose", "ps", "-q", "web");
  assert.equal(await docker("inspect", "-f", "{{.State.Health.Status}} {{.Config.User}}", web), "healthy 1001:1001");
  const port = await docker("compose", "port", "web", "3000");
  assert.match(port, /^127\.0\.0\.1:/);
  const told = await docker(
    "exec",
    web,
    "node",
    "-e",
    "fetch('http://127.0.0.1:3000/healthz').then(async (answer) => console.log(answer.status, await answer.text()))",
  );
  assert.match(told, /^200 {"status":"ok","database":"connected","timestamp":"/);
  // Without its database it says 503 within its own limit, and a reason without an address.
  await docker("compose", "stop", "db");
  const broken = await docker(
    "exec",
    web,
    "node",
    "-e",
    "fetch('http://127.0.0.1:3000/healthz').then(async (answer) => console.log(answer.status, await answer.text()))",
  );
  assert.match(broken, /^503 {"status":"error","database":"[A-Za-z0-9_]+","timestamp":"/);
  // SIGTERM reaches it: exit code 0, not 137.
  await docker("compose", "stop", "web");
  assert.equal(await docker("inspect", "-f", "{{.State.ExitCode}}", web), "0");
});
