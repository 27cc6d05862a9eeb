import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import type { Context } from "../host/context.ts";
import type { Connection } from "./connection.ts";
import { chooseNode, fetchNode, nodeFolder } from "./node.ts";
import { isNewer, type Program } from "./program.ts";
import { putNode, putProgram } from "./scripts.ts";

/** What was put on the server just now. */
export interface Prepared {
  program: "put" | "was there";
  node: "put" | "was there" | "the server's own";
}

/** Makes sure that the server has this very program and a Node to run it; what is there already stays as it is. */
export async function prepare(ctx: Context, connection: Connection, program: Program): Promise<Prepared> {
  const { address, server } = connection;
  const subject = address.destination;
  if (server.version !== undefined && isNewer(server.version, version))
    throw new UsageError({
      operation: "work on",
      subject,
      cause: `it has Aplomo ${server.version}, and this machine ${version}, which may not understand what the newer one wrote`,
      hint: `Update it here: npm install -g aplomo@${server.version}`,
    });
  let node = chooseNode(server);
  const brought = node === undefined;
  if (node === undefined) {
    ctx.emit({ type: "progress", subject, message: `bringing ${nodeFolder}` });
    const fetched = await fetchNode(ctx, server);
    try {
      await connection.run(putNode, [nodeFolder, fetched.sha512], fetched.file.fd);
    } finally {
      await fetched.close();
    }
    server.entries.push((node = nodeFolder));
  }
  const missing = !server.entries.includes(program.name);
  if (missing) {
    ctx.emit({ type: "progress", subject, message: `bringing Aplomo ${version}` });
    await putOwn(ctx, connection, program);
    server.entries.push(program.name);
    server.version = version;
  }
  return { program: missing ? "put" : "was there", node: brought ? "put" : node === "-" ? "the server's own" : "was there" };
}

/** For a person on the server. Whatever version is the current one by then. */
const launcher = `#!/bin/sh
s=$(dirname "$(dirname "$(readlink -f "$0")")")
n=$s/${nodeFolder}/bin/node
[ -x "$n" ] || n=node
exec "$n" "$s/current/aplomo.js" "$@"
`;

/** Packed by tar from the folder it was built in, with its version. */
async function putOwn(ctx: Context, connection: Connection, { folder, name }: Program): Promise<void> {
  const beside = await packingList();
  try {
    const argv = ["tar", "-czf", "-", "-C", folder, "aplomo.js", "chunks", "package.json", "-C", beside, "version", "aplomo"] as const;
    // Apple's tar would put files of its own beside each.
    const packing = ctx.host.spawn({ argv, env: { COPYFILE_DISABLE: "1" } }, ["ignore", "pipe", "ignore"]);
    if (packing.stdout) await connection.run(putProgram, [name], packing.stdout);
    await packing.ended;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function packingList(): Promise<string> {
  const beside = await mkdtemp(join(tmpdir(), "aplomo-program-"));
  await writeFile(join(beside, "version"), `${version}\n`);
  await writeFile(join(beside, "aplomo"), launcher, { mode: 0o755 });
  return beside;
}
