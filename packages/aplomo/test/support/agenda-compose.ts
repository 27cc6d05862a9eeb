import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { baseRig, versionAt, type AgendaRig } from "./agenda.ts";
import { root } from "./root.ts";

const run = promisify(execFile);
/** The lab's own, also while a test speaks to another. */
const engine = process.env["DOCKER_HOST"];
const most = { maxBuffer: 32 * 1024 * 1024 };

/**
 * The agenda in containers of the lab's engine, on PostgreSQL with a pgbench database of the given scale beside its tables. With a
 * registry its images are pushed there and named by it.
 */
export async function composeRig(scale: number, registry?: string): Promise<AgendaRig> {
  const base = await baseRig("compose");
  const top = dirname(base.folder);
  const project = `agenda-${base.port}`;
  const docker = async (...args: string[]): Promise<string> => (await run("docker", args, { env: base.env, ...most })).stdout.trim();
  const psql = (sql: string): Promise<string> =>
    docker("exec", `${project}-db-1`, "psql", "-XqAt", "-U", "agenda", "-d", "agenda", "-c", sql);
  await base.setVariable("POSTGRES_PASSWORD", "a-planted_password-7f3a");
  await base.setVariable("POSTGRES_IMAGE", "aplomo-lab/postgres:latest");
  await base.setVariable("PORT", String(base.port));
  base.configure(/services: \[web\]/, `services: [web]\n  project: ${project}`);
  let filled = false;
  return {
    ...base,
    async assemble(version) {
      await assembleAgenda(version, base.folder);
      await rename(join(base.folder, "aplomo.compose.yml"), base.configFile);
      const built = await buildAgenda(version);
      const image = registry === undefined ? built : `${registry}/${built}`;
      if (registry !== undefined) {
        await docker("tag", built, image);
        await docker("push", "--quiet", image);
      }
      await base.setVariable("AGENDA_IMAGE", image);
      await base.finishAssembly();
    },
    async state() {
      if (scale > 0 && !filled) {
        await docker("exec", `${project}-db-1`, "pgbench", "-i", "-q", "-s", String(scale), "-U", "agenda", "agenda");
        filled = true;
      }
      const ids = (
        await docker(
          "ps",
          "-q",
          "--filter",
          `label=com.docker.compose.project=${project}`,
          "--filter",
          "label=com.docker.compose.service=web",
        )
      )
        .split("\n")
        .filter(Boolean);
      const images = await Promise.all(ids.map((id) => docker("inspect", "-f", "{{.Image}}", id)));
      const clinic = await Promise.all(ids.map(async (id) => docker("exec", id, "printenv", "CLINIC_NAME").catch(() => "unset")));
      return { version: await versionAt(base.port), code: images, clinic, data: await hashPostgres(psql) };
    },
    async close() {
      const containers = (await docker("ps", "-aq", "--filter", `label=com.docker.compose.project=${project}`)).split("\n").filter(Boolean);
      if (containers.length > 0) await docker("rm", "-f", ...containers);
      for (const kind of ["network", "volume"]) {
        const names = (await docker(kind, "ls", "-q", "--filter", `label=com.docker.compose.project=${project}`))
          .split("\n")
          .filter(Boolean);
        for (const name of names) await docker(kind, "rm", name).catch(() => "");
      }
      const tags = (await docker("images", "--format", "{{.Repository}}:{{.Tag}}", `aplomo.local/agenda/*`)).split("\n").filter(Boolean);
      for (const tag of tags) await docker("rmi", tag).catch(() => "");
      await rm(top, { recursive: true, force: true });
    },
  };
}

export async function assembleAgenda(version: string, folder: string): Promise<void> {
  await run(process.execPath, [join(root, "examples/agenda/assemble.mjs"), version, folder]);
}

/** Built once for each version, as a team's CI would; the release then names it by its digest. */
export async function buildAgenda(version: string): Promise<string> {
  const context = await mkdtemp(join(tmpdir(), "aplomo-image-"));
  try {
    await assembleAgenda(version, context);
    await rm(join(context, ".dockerignore"), { force: true });
    await cp(join(root, "examples/agenda/node_modules"), join(context, "node_modules"), { recursive: true });
    const tag = `agenda-lab:${version}`;
    await run("docker", ["build", "-q", "-t", tag, "--build-arg", "BASE=aplomo-lab/node:latest", context], {
      env: { ...process.env, DOCKER_HOST: engine, DOCKER_BUILDKIT: "0" },
      ...most,
    });
    return tag;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Asked of the server with psql, not through Aplomo's own driver, and in two questions: each is a start of psql in the container. */
export async function hashPostgres(psql: (sql: string) => Promise<string>): Promise<Record<string, string>> {
  const tables = (await psql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).split("\n").filter(Boolean);
  const columns =
    "SELECT (table_name, row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type, is_nullable, column_default)::text FROM information_schema.columns WHERE table_schema = 'public'";
  const indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'";
  const rows = tables.map(
    (table) => `SELECT '${table}', count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM "${table}" t`,
  );
  const schema = `SELECT 'schema', md5(string_agg(line, E'\\n' ORDER BY line COLLATE "C")) FROM (${columns} UNION ALL ${indexes}) AS lines (line)`;
  const answers = (await psql([schema, ...rows].join(" UNION ALL "))).split("\n");
  assert.equal(answers.length, tables.length + 1);
  return Object.fromEntries(answers.map((line) => line.split("|") as [string, string]));
}
