import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { parse } from "yaml";
import { poll } from "../../../src/base/time.ts";
import { freePort } from "../../../src/targets/pm2/listening.ts";
import { auditFolder } from "../../../src/audit/run.ts";
import { unique } from "../../contract/database.suite.ts";
import { whyNoCompose } from "../../support/lab.ts";
import { root } from "../../support/root.ts";
import { aplomo } from "../../unit/cli/aplomo.ts";

const run = promisify(execFile);
const full = process.env["APLOMO_TEST_FULL"] ? false : "only with script/test --full: packages are fetched and built";
const certificates = "/etc/ssl/certs/ca-certificates.crt";
const name = unique("aplomo-generated").replace("_", "-");
let top = "";

before(async () => void (top = await mkdtemp(join(tmpdir(), "aplomo-frameworks-"))));
after(() => rm(top, { recursive: true, force: true }));

/** An application's folder with everything `init --generate` writes, which must pass the audit. */
async function generated(title: string, files: Record<string, string>): Promise<string> {
  const folder = join(top, title);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const { code, stdout } = await aplomo(["init", "--generate"], folder);
  assert.equal(code, 0, stdout);
  const grave = auditFolder(folder).made.findings.filter((finding) => finding.severity !== "info");
  assert.deepEqual(
    grave.map((finding) => finding.rule.id),
    [],
  );
  return folder;
}

const listens = `import http from "node:http";
const server = http.createServer((request, response) => response.end("hello")).listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), 8000).unref();
});
`;

describe("what init --generate writes, in containers", { skip: whyNoCompose("V2") ?? full }, () => {
  const made: string[] = [];
  after(async () => {
    for (const image of made) await run("docker", ["rmi", image]).catch(() => {});
  });

  /** No image can be pulled: this stands for the one the Dockerfile asks for, by its own argument BASE. It trusts whom this machine trusts. */
  async function base(kind: string, lines: string): Promise<string> {
    const image = `${name}/${kind}`;
    if (made.includes(image)) return image;
    const context = join(top, `base-${kind}`);
    await mkdir(context, { recursive: true });
    await cp(certificates, join(context, "certificates.crt"));
    if (kind === "node") {
      const npm = dirname(dirname(await realpath((await run("sh", ["-c", "command -v npm"])).stdout.trim())));
      await cp(npm, join(context, "npm"), { recursive: true, verbatimSymlinks: true });
    }
    const trust = `COPY certificates.crt ${certificates}\nENV NODE_EXTRA_CA_CERTS=${certificates} PIP_CERT=${certificates}\n`;
    await writeFile(join(context, "Dockerfile"), lines + trust);
    await run("docker", ["build", "--force-rm", "--tag", image, context], { env: { ...process.env, DOCKER_BUILDKIT: "0" } });
    made.push(image);
    return image;
  }

  /** Builds the image, waits until compose finds it healthy, asks for its health, and stops it within its own time. */
  async function runs(folder: string, from: string, path: string): Promise<void> {
    const port = await freePort();
    const image = `${name}/app-${folder.split("/").at(-1)}`;
    const env = { ...process.env, DOCKER_BUILDKIT: "0", COMPOSE_PROJECT_NAME: name, IMAGE: image, PUBLISHED_PORT: String(port) };
    const docker = async (...args: string[]): Promise<string> =>
      (await run("docker", args, { cwd: folder, env, maxBuffer: 1e8 })).stdout.trim();
    made.unshift(image);
    await docker("build", "--force-rm", "--tag", image, "--build-arg", `BASE=${from}`, ".");
    try {
      await docker("compose", "up", "-d", "--no-build", "--wait", "--wait-timeout", "120").catch(async (error: unknown) => {
        throw new Error(await docker("compose", "logs", "web"), { cause: error });
      });
      const web = await docker("compose", "ps", "-q", "web");
      assert.equal(await docker("inspect", "-f", "{{.State.Health.Status}} {{.Config.User}}", web), "healthy 1001:1001");
      const answer = await fetch(`http://127.0.0.1:${port}${path}`);
      assert.deepEqual([answer.status, ((await answer.json()) as { status: string }).status], [200, "ok"]);
      await docker("compose", "stop", "web");
      // 143 is what a program gives that ends by SIGTERM itself; 137 would be Docker's SIGKILL.
      assert.match(await docker("inspect", "-f", "{{.State.ExitCode}}", web), /^(0|143)$/);
    } finally {
      await docker("compose", "down", "--volumes", "--timeout", "2").catch(() => "");
    }
  }

  it("a Python application with FastAPI", { timeout: 400_000 }, async () => {
    const folder = await generated("python", {
      "requirements.txt": "fastapi\nuvicorn\n",
      "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    });
    // As the route's first line says.
    await writeFile(
      join(folder, "main.py"),
      "from fastapi import FastAPI\n\nimport health\n\napp = FastAPI()\napp.include_router(health.router)\n",
    );
    const packages = "python3 python3-venv python-is-python3";
    const lines = `FROM aplomo-lab/base\nRUN apt-get update && apt-get install -y --no-install-recommends ${packages}\n`;
    await runs(folder, await base("python", lines), "/healthz");
  });

  for (const typed of [false, true]) {
    it(`a Next application in ${typed ? "TypeScript" : "JavaScript"}`, { timeout: 600_000 }, async () => {
      const ending = typed ? "tsx" : "js";
      const types = typed ? ', "typescript": "5", "@types/react": "19", "@types/node": "22"' : "";
      const files = {
        "package.json": `{ "name": "planner", "private": true, "scripts": { "build": "next build" }, "dependencies": { "next": "15", "react": "19", "react-dom": "19"${types} } }`,
        "next.config.mjs": 'export default { output: "standalone" };\n',
        [`app/layout.${ending}`]: `export default function Layout({ children }${typed ? ": { children: React.ReactNode }" : ""}) {\n  return (\n    <html lang="en">\n      <body>{children}</body>\n    </html>\n  );\n}\n`,
        [`app/page.${ending}`]: "export default function Page() {\n  return <p>hello</p>;\n}\n",
        ...(typed ? { "tsconfig.json": '{ "compilerOptions": { "jsx": "preserve", "strict": true } }\n' } : {}),
      };
      const folder = await generated(`next-${ending}`, files);
      const link = "RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm\n";
      const lines = `FROM aplomo-lab/node\nCOPY npm /usr/local/lib/node_modules/npm\n${link}`;
      await runs(folder, await base("node", lines), "/api/health");
    });
  }
});

describe("what init --generate writes, on this machine", { skip: full }, () => {
  it("PM2's file: its process answers, and ends by itself", async () => {
    const folder = await generated("pm2", {
      "package.json": '{ "name": "hub", "type": "module", "scripts": { "start": "node server.js", "production": "pm2 start" } }',
      "server.js": listens,
    });
    const port = await freePort();
    const file = join(folder, "ecosystem.config.cjs");
    // Another port: 3000 may be somebody's here.
    await writeFile(file, (await readFile(file, "utf8")).replace("PORT: 3000", `PORT: ${port}`));
    const env = { ...process.env, PM2_HOME: join(top, "pm2-home") };
    const pm2 = async (...args: string[]): Promise<string> =>
      (await run(join(root, "node_modules/.bin/pm2"), args, { cwd: folder, env, maxBuffer: 1e8 })).stdout;
    try {
      await pm2("start", "ecosystem.config.cjs");
      const ask = (): Promise<string | undefined> =>
        fetch(`http://127.0.0.1:${port}/`)
          .then((answer) => answer.text())
          .catch(() => undefined);
      assert.equal(await poll(ask, { limit: 20_000, every: 100 }), "hello");
      await pm2("stop", "hub");
      const [one] = JSON.parse((await pm2("jlist")).replace(/^[^[]*(?=\[\{)/s, "")) as { pm2_env: { status: string; exit_code: number } }[];
      assert.deepEqual([one?.pm2_env.status, one?.pm2_env.exit_code], ["stopped", 0]);
    } finally {
      await pm2("kill").catch(() => {});
    }
  });

  // The package is not published yet, so what `npx --yes aplomo` would fetch is the one under test. What pushes images and
  // reaches the server has no server here.
  it("the workflow: what it runs to audit and to test lets the application through, and stops a change that will fail", async () => {
    const folder = await generated("workflow", {
      "package.json":
        '{ "name": "shop", "type": "module", "scripts": { "start": "node server.js", "test": "node --test" }, "dependencies": { "pg": "8" } }',
      "server.js": listens,
      "server.test.js": 'import test from "node:test";\ntest("adds", () => {});\n',
      ".gitignore": "node_modules\n",
    });
    const git = (...args: string[]): Promise<unknown> =>
      run("git", ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", ...args], { cwd: folder });
    await git("init", "--quiet", "--initial-branch", "main");
    await git("add", ".");
    await git("commit", "--quiet", "-m", "Begin");
    await git("update-ref", "refs/remotes/origin/main", "HEAD");
    const bin = join(top, "bin");
    await mkdir(bin);
    const program = join(root, ".cache/js/packages/aplomo/src/cli/bin.js");
    await writeFile(join(bin, "npx"), `#!/bin/sh\nshift 2\nexec ${process.execPath} ${program} "$@"\n`, { mode: 0o755 });
    type Step = { run?: string; if?: string; env?: Record<string, string> };
    const { jobs } = parse(await readFile(join(folder, ".github/workflows/deploy.yml"), "utf8")) as {
      jobs: Record<string, { steps: Step[] }>;
    };
    const home = join(top, "home");
    await mkdir(home);
    const job = async (title: string, event: string, more: NodeJS.ProcessEnv = {}): Promise<string> => {
      let said = "";
      for (const step of jobs[title]?.steps ?? []) {
        if (step.run === undefined || (step.if !== undefined && !step.if.includes(`'${event}'`))) continue;
        // The runner of these tests tells its own children otherwise how to print.
        const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
        const env = { ...outside, ...more, HOME: home, PATH: `${bin}:${process.env["PATH"]}` };
        const script = step.run.replaceAll("${{ github.base_ref }}", "main");
        if (script.startsWith("ssh ")) break;
        // As a runner does: bash -e.
        said += (await run("bash", ["-e", "-c", script], { cwd: folder, env })).stdout;
      }
      return said;
    };
    await job("audit", "push");
    await job("audit", "pull_request");
    assert.match(await job("test", "push"), /pass 1/);
    await job("deploy", "push", { KEY: "a key\nof two lines", KNOWN_HOSTS: "server ssh-ed25519 AAAA" });
    assert.equal((await stat(join(home, ".ssh/id_ed25519"))).mode & 0o777, 0o600);
    assert.equal(await readFile(join(home, ".ssh/id_ed25519"), "utf8"), "a key\nof two lines\n");
    const compose = join(folder, "compose.yml");
    await writeFile(compose, (await readFile(compose, "utf8")).replace("      - data:/var/lib/postgresql/data\n", "      - ./x:/y\n"));
    await git("commit", "--quiet", "-a", "-m", "Lose the data");
    for (const event of ["push", "pull_request"])
      await assert.rejects(job("audit", event), ({ stdout }: { stdout: string }) => /::error file=compose\.yml/.test(stdout), event);
  });
});
