import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../src/base/secret.ts";
import { again } from "../../src/stores/again.ts";
import { openClient, addressOf } from "../../src/stores/s3/request.ts";
import type { S3Settings } from "../../src/stores/settings.ts";
import { need } from "./need.ts";
import { startServer, type ServerProcess } from "./server-process.ts";

const program = process.env["APLOMO_LAB_MINIO"];

export const whyNoS3: string | undefined = need(Boolean(program), "no S3 server: script/lab up stores") || undefined;

/** A throw-away S3 server. */
export interface S3Server {
  process: ServerProcess;
  /** Of its bucket; `port` is another way to it. */
  settings(port?: number): S3Settings;
  /** The folder its data are in. */
  folder: string;
  stop(): Promise<void>;
}

const access = "lab-access";
const secret = "lab-s3cr3t-key";
const bucket = "copies";

/** `folder`: where it keeps its data, on a small disk for one. */
export async function startS3(folder?: string): Promise<S3Server> {
  const home = await mkdtemp(join(tmpdir(), "aplomo-s3-"));
  const data = folder ?? join(home, "data");
  const server = await startServer(
    (port) => [program ?? "", "--quiet", "--config-dir", join(home, "config"), "server", "--address", `127.0.0.1:${port}`, data],
    { MINIO_ROOT_USER: access, MINIO_ROOT_PASSWORD: secret, MINIO_BROWSER: "off", MINIO_DOMAIN: "s3.test", MINIO_CI_CD: "1" },
  ).catch(async (error: unknown) => {
    await rm(home, { recursive: true });
    throw error;
  });
  const settings = (port = server.port): S3Settings => ({
    kind: "s3",
    bucket,
    prefix: "aplomo",
    endpoint: `http://127.0.0.1:${port}`,
    access_key: access,
    secret_key: new Secret(secret),
  });
  const stop = async (): Promise<void> => {
    await server.kill();
    await rm(home, { recursive: true, force: true });
  };
  try {
    const keys = async () => ({ access, secret });
    const { signal } = new AbortController();
    const client = openClient(addressOf(settings(), "us-east-1"), keys, "us-east-1", signal, "setup");
    // It listens before it is ready.
    await again(signal, () => client.ask({ method: "PUT" }), { attempts: 50, pause: 100 });
    client.close();
  } catch (error) {
    await stop();
    throw error;
  }
  return { process: server, settings, folder: join(data, bucket, "aplomo"), stop };
}
