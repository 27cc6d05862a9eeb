import { looksSecret } from "../../config/secrecy.ts";
import { isPlaceholder, isWeak } from "../../config/weak-secrets.ts";

/** Names that end like a secret's and are none. */
const harmless =
  /(^|_)(PUBLIC|PUBLISHABLE|NEXT_PUBLIC|VITE|EXPO_PUBLIC|REACT_APP|SITE_KEY|SITEKEY|MIN|MAX|LENGTH|EXPIR\w*|TTL|TIMEOUT|NAME|FILE|PATH|HEADER|URL|ENABLED?|DISABLED?|ALGORITHM|ISSUER|TYPE|ROTATION|PREFIX|COUNT|LIMIT|VERSION|POLICY|HOST|PORT|USER(NAME)?|ID|EMAIL|REQUIRED?|COOKIE|ALLOW_EMPTY|KEY_ID)(_|$)/i;

/** A variable whose value nobody may know. */
export function isSecretName(name: string): boolean {
  return looksSecret(name) && !harmless.test(name);
}

/** Secrets that sign or encrypt: who knows one is anybody. A database's password needs the database to be reached first. */
export function isSigningKey(name: string): boolean {
  return isSecretName(name) && !/(PASSWORD|PASSWD|PWD)$/i.test(name) && /(SECRET|KEY|TOKEN)/i.test(name);
}

/** A value that is taken from somewhere else. */
export function isReference(value: string): boolean {
  return /\$\{?\w|\{\{|^<.*>$|^(file|vault|op|aws-sm|ref|sops|env):\/\/|^ENC\[/.test(value) || value === "";
}

/** Written so that everybody knows it is to be replaced, or guessed at once. */
export function isKnownSecret(value: string): boolean {
  return isPlaceholder(value) || isWeak(value);
}

const passwordInUrl = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s@]+)@/i;

/** The password in an address; undefined: none, or a variable. */
export function passwordOf(url: string): string | undefined {
  const password = passwordInUrl.exec(url)?.[1];
  return password === undefined || isReference(password) ? undefined : password;
}
