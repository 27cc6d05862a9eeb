import { homedir } from "node:os";
import { join } from "node:path";
import { readIfPresent } from "../../host/files.ts";
import { StoreError } from "../contract.ts";
import type { S3Settings } from "../settings.ts";
import type { Keys } from "./sign.ts";

/** From the settings, the environment, or the file that the aws program uses, in this order. */
export async function findKeys(settings: S3Settings, env: NodeJS.ProcessEnv): Promise<Keys> {
  if (settings.access_key && settings.secret_key) return { access: settings.access_key, secret: settings.secret_key.reveal() };
  const { AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
  // A file that was named is meant, whatever the environment holds.
  if (settings.credentials === undefined && access && secret) return { access, secret, token };
  const file = settings.credentials ?? env["AWS_SHARED_CREDENTIALS_FILE"] ?? join(homedir(), ".aws", "credentials");
  const profile = settings.profile ?? env["AWS_PROFILE"] ?? "default";
  const found = parseProfile((await readIfPresent(file)) ?? "", profile);
  if (found) return found;
  throw new StoreError("refused", {
    operation: "find the keys of",
    subject: settings.name ?? `s3://${settings.bucket}`,
    cause: `neither access_key and secret_key, nor AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor a profile ${profile} in ${file}`,
    hint: "Set access_key: ${S3_ACCESS_KEY} and secret_key: ${S3_SECRET_KEY} in aplomo.yml and the two variables in the environment.",
  });
}

/** `[default]`, then `name = value` lines. */
function parseProfile(text: string, profile: string): Keys | undefined {
  let section = "";
  const values: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const head = /^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/.exec(line)?.[1];
    if (head !== undefined) section = head;
    const [, name, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section === profile && name && value) values[name] = value;
  }
  const { aws_access_key_id: access, aws_secret_access_key: secret, aws_session_token: token } = values;
  return access && secret ? { access, secret, token } : undefined;
}
