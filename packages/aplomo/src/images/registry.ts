import { AplomoError } from "../base/errors.ts";
import { callEngine, readDistribution } from "../host/engine.ts";
import { withLogin } from "../host/login.ts";

interface Distribution {
  Descriptor: { digest: string };
  Platforms?: { os: string; architecture: string; variant?: string }[];
}

/** Whether the registry has the image, by digest and for this platform (S5.1): asked by the engine, as a server that pulls it will. Undefined: it has not. */
export async function findInRegistry(reference: string): Promise<{ digest: string; platforms: string[] } | undefined> {
  const { status, body } = await callEngine(await withLogin(readDistribution(reference), reference));
  const text = body.toString("utf8");
  if (status === 200) {
    const { Descriptor, Platforms = [] } = JSON.parse(text) as Distribution;
    return { digest: Descriptor.digest, platforms: Platforms.map(({ os, architecture }) => `${os}/${architecture}`) };
  }
  if (status === 404 || /manifest unknown|not found/i.test(text)) return undefined;
  const denied = status === 401 || status === 403 || /unauthorized|denied|authentication/i.test(text);
  throw new AplomoError({
    operation: "ask the registry for",
    subject: reference,
    cause: text.trim().slice(0, 300),
    hint: denied ? "Log in to it: docker login." : "Its registry must answer from this machine.",
  });
}

/** Throws unless the registry has exactly this image, for this platform. */
export async function verifyInRegistry(reference: string, platform: string): Promise<void> {
  const found = await findInRegistry(reference);
  const fail = (cause: string, hint: string): never => {
    throw new AplomoError({ operation: "verify", subject: reference, cause, hint });
  };
  if (!found) return fail("the registry does not have it", "Push it again: aplomo build --force.");
  if (!reference.endsWith(`@${found.digest}`)) fail(`the registry has ${found.digest} for it`, "Push it again: aplomo build --force.");
  if (found.platforms.length > 0 && !found.platforms.includes(platform))
    fail(
      `it is for ${found.platforms.join(", ")}, not for ${platform}`,
      `Set the platform of the server in aplomo.yml: platform: ${platform}.`,
    );
}
