import { readAddress } from "../wire/address.ts";
import type { BootSettings } from "./settings.ts";

/** Shorter values would blacken words that only look like them. */
const shortest = 6;

/** Makes the function that takes secrets out of a line: variables declared secret, and the passwords in URLs. */
export function redactor({ env: { require } }: BootSettings, env: NodeJS.ProcessEnv): (line: string) => string {
  const declared = Object.entries(require).flatMap(([name, { secret }]) => (secret ? [env[name] ?? ""] : []));
  const passwords = Object.values(env).flatMap((value) => {
    const password = value?.includes("://") ? readAddress(value)?.address.password : undefined;
    return password ? [password, encodeURIComponent(password)] : [];
  });
  // Longest first, or a part would hide the rest from its whole.
  const secrets = [...new Set([...declared, ...passwords])]
    .filter((secret) => secret.length >= shortest)
    .sort((a, b) => b.length - a.length);
  return (line) => secrets.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
}
