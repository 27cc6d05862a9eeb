import { AplomoError } from "../../base/errors.ts";
import { readDistribution } from "../../host/engine.ts";
import { withLogin } from "../../host/login.ts";
import { ask } from "./api.ts";
import { digestOf, pinned } from "./spec.ts";

/** The image by digest: a tag may mean another image on each node, and by the time a release is returned to. */
export async function byDigest(wanted: string): Promise<string> {
  const digest = digestOf(wanted);
  return digest === undefined ? pin(wanted) : pinned(wanted, digest);
}

async function pin(image: string): Promise<string> {
  const digest = await digestAt(image);
  if (digest !== undefined) return pinned(image, digest);
  throw new AplomoError({
    operation: "pin",
    subject: image,
    cause: "no registry has it, so nothing says which image is meant tomorrow, or on another node",
    hint: "Push it to a registry that every node reaches, and name it there.",
  });
}

export async function mustExist(image: string, release: string): Promise<void> {
  if ((await digestAt(image)) !== undefined) return;
  throw new AplomoError({
    operation: "start from",
    subject: `release ${release}`,
    cause: `its image ${image} is no longer in the registry`,
    hint: "Push it again, or go back to another release.",
  });
}

async function digestAt(image: string): Promise<string | undefined> {
  const purpose = {
    operation: "ask the registry for",
    subject: image,
    hint: "Its registry must answer; log in with `docker login` when it wants that.",
  };
  try {
    return (await ask<{ Descriptor: { digest: string } }>(await withLogin(readDistribution(image), image), purpose))?.Descriptor.digest;
  } catch (error) {
    // Some registries answer so for what they do not have.
    if (error instanceof AplomoError && /not found|unknown|denied|no such/i.test(error.message)) return undefined;
    throw error;
  }
}
