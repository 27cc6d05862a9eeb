import { LateError, readBeside, updateService } from "../../host/engine.ts";
import { withLogin } from "../../host/login.ts";
import { AplomoError } from "../../base/errors.ts";
import { poll } from "../../base/time.ts";
import type { ReleaseFolder } from "../contract.ts";
import { ask, findService, getService, tasksOf, undecided, type Service, type Spec, type Task } from "./api.ts";
import { releaseLabel } from "./spec.ts";

/** What runs an application's releases: the service that is the user's, and those that Aplomo has made beside it, one for each release. */
export interface Services {
  own: Service;
  beside: Map<string, Service>;
}

export async function servicesOf(name: string): Promise<Services> {
  const [own, beside] = await Promise.all([getService(name), besideOf(name)]);
  return { own, beside: new Map(beside.map((service) => [releaseOf(service) ?? "", service])) };
}

/** Every task of an application, with the service it is of. */
export async function allTasks(name: string): Promise<{ service: string; beside: boolean; tasks: Task[] }[]> {
  const [own, beside] = await Promise.all([findService(name), besideOf(name)]);
  const services = [...(own ? [own] : []), ...beside];
  return Promise.all(
    services.map(async (service) => ({
      service: service.Spec.Name,
      beside: service !== own,
      tasks: await tasksOf(service.Spec.Name),
    })),
  );
}

async function besideOf(name: string): Promise<Service[]> {
  return (await ask<Service[]>(readBeside(name), { operation: "list", subject: `what stands beside ${name}` })) ?? [];
}

export function releaseOf({ Spec }: Service): string | undefined {
  return Spec.TaskTemplate.ContainerSpec.Labels?.[releaseLabel];
}

/** Which service a release runs in: its own one when it has one, wherever requests come from by now. */
export function homeOf({ own, beside }: Services, release: ReleaseFolder): Service {
  return beside.get(release.id) ?? own;
}

const again = new RegExp(`update out of sequence|${undecided.source}`);

/**
 * Somebody else (a panel) may change the service between looking and acting: the engine refuses, and it is read again. So it is when nobody
 * knows whether it was changed, since its manager lost the leader.
 */
export async function put(service: Service, spec: Spec): Promise<void> {
  const purpose = { operation: "update", subject: `the service ${spec.Name}` };
  const tried = async (now: Service): Promise<true | undefined> => {
    try {
      await ask(await withLogin(updateService(now.ID, now.Version.Index, spec), spec.TaskTemplate.ContainerSpec.Image), purpose);
      return true;
    } catch (error) {
      if (error instanceof LateError || (error instanceof AplomoError && again.test(error.message))) return undefined;
      throw error;
    }
  };
  if (await tried(service)) return;
  const done = await poll(async () => tried(await getService(spec.Name)), { limit: 60_000, every: 200 });
  if (!done)
    throw new AplomoError({
      ...purpose,
      cause: "somebody else changes it all the time, or its managers do not agree",
      hint: "See `docker service inspect` and `docker node ls`.",
    });
}
