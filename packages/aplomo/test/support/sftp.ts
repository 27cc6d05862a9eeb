import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { SftpSettings } from "../../src/stores/settings.ts";
import { need } from "./need.ts";
import { startServer, type ServerProcess } from "./server-process.ts";

const run = promisify(execFile);
const program = process.env["APLOMO_LAB_SSHD"];

export const whyNoSftp: string | undefined = need(Boolean(program), "no sshd: script/lab up stores") || undefined;

/** A throw-away sshd that lets this very user in with a throw-away key, for SFTP alone. */
export interface SftpServer {
  process: ServerProcess;
  settings(port?: number): SftpSettings;
  folder: string;
  /** The ssh configuration, for a test that changes it. */
  config: string;
  stop(): Promise<void>;
}

export async function startSftp(folder?: string): Promise<SftpServer> {
  const home = await mkdtemp(join(tmpdir(), "aplomo-sftp-"));
  const file = (name: string): string => join(home, name);
  const directory = folder ?? file("data");
  await mkdir(directory, { recursive: true });
  for (const key of ["host", "user"]) await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file(key)]);
  const server = await startServer((port) => [
    program ?? "",
    "-De",
    `-f/dev/null`,
    `-h${file("host")}`,
    `-p${port}`,
    ...[
      "ListenAddress=127.0.0.1",
      `AuthorizedKeysFile=${file("user.pub")}`,
      "PasswordAuthentication=no",
      "KbdInteractiveAuthentication=no",
      "StrictModes=no",
      "UsePAM=no",
      "PermitRootLogin=prohibit-password",
      "PidFile=none",
      "MaxStartups=100",
      "Subsystem=sftp internal-sftp",
      "ForceCommand=internal-sftp",
    ].flatMap((option) => ["-o", option]),
  ]).catch(async (error: unknown) => {
    await rm(home, { recursive: true });
    throw error;
  });
  const [kind, key] = (await readFile(file("host.pub"), "utf8")).split(" ");
  await writeFile(file("known_hosts"), `backup.test ${kind} ${key}\n`);
  const lines = [
    "Host backup.test",
    "  HostName 127.0.0.1",
    "  HostKeyAlias backup.test",
    `  User ${userInfo().username}`,
    `  IdentityFile ${file("user")}`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${file("known_hosts")}`,
  ];
  await writeFile(file("config"), `${lines.join("\n")}\n`);
  return {
    process: server,
    settings: (port = server.port) => ({ kind: "sftp", host: "backup.test", port, directory, ssh_config: file("config") }),
    folder: directory,
    config: file("config"),
    async stop() {
      await server.kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}
