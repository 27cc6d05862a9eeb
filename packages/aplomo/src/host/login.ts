import { homedir } from "node:os";
import { join } from "node:path";
import { Secret } from "../base/secret.ts";
import type { EngineCall } from "./engine.ts";
import { readIfPresent } from "./files.ts";
import { local } from "./local.ts";

/** Where `docker login` without a registry's name leaves what it was told. */
const hub = "https://index.docker.io/v1/";

/**
 * The call with what `docker login` has left for the image's registry. The engine's own command line hands it over at each call, and whoever speaks to
 * the engine without it is nobody. Where the client has a credential store that is asked first; Aplomo keeps no login and asks for none.
 */
export async function withLogin(call: EngineCall, image: string): Promise<EngineCall> {
  const folder = process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker");
  const text = await readIfPresent(join(folder, "config.json"));
  const login = text === undefined ? undefined : ((await fromStore(text, image)) ?? loginFor(text, image));
  return login === undefined ? call : { ...call, login };
}

/** The name of the registry goes to the store's program on its standard input, as docker itself does it. */
async function fromStore(config: string, image: string): Promise<Secret | undefined> {
  const { credHelpers = {}, credsStore } = JSON.parse(config) as { credHelpers?: Record<string, string>; credsStore?: string };
  const registry = registryOf(image);
  const store = credHelpers[registry] ?? credsStore;
  if (store === undefined) return undefined;
  const { code, stdout } = await local.attempt({ argv: [`docker-credential-${store}`, "get"], input: registry, timeout: 30_000 });
  // It has none for this registry: the registry will say whether it wants one.
  if (code !== 0) return undefined;
  const { Username: username, Secret: password } = JSON.parse(stdout) as { Username: string; Secret: string };
  const login: Record<string, string> = username === "<token>" ? { identitytoken: password } : { username, password };
  return asHeader({ ...login, serveraddress: registry });
}

/** Pure: of a `config.json`, in the form that the engine's interface takes. */
export function loginFor(config: string, image: string): Secret | undefined {
  const { auths = {} } = JSON.parse(config) as { auths?: Record<string, { auth?: string; identitytoken?: string }> };
  const registry = registryOf(image);
  const { auth, identitytoken } = auths[registry] ?? auths[`https://${registry}`] ?? {};
  if (identitytoken) return asHeader({ identitytoken, serveraddress: registry });
  if (!auth) return undefined;
  const plain = Buffer.from(auth, "base64").toString("utf8");
  const colon = plain.indexOf(":");
  return asHeader({ username: plain.slice(0, colon), password: plain.slice(colon + 1), serveraddress: registry });
}

/** `registry.example:5000` of `registry.example:5000/team/app:1`; a first part without dot and port is a folder of Docker's own registry. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : hub;
}

function asHeader(login: Record<string, string>): Secret {
  return new Secret(Buffer.from(JSON.stringify(login)).toString("base64url"));
}
