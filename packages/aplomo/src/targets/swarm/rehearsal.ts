import { UsageError } from "../../base/errors.ts";
import type { Config } from "../../config/config.ts";
import type { Context } from "../../host/context.ts";
import { besideLabel, readServices } from "../../host/engine.ts";
import type { ComposeApp } from "../compose/app.ts";
import { freezeJobs, type Pin } from "../compose/freeze.ts";
import { obtainImage } from "../compose/images.ts";
import type { Project, Service } from "../compose/model.ts";
import { rehearsalOf, within } from "../compose/rehearsal.ts";
import { databaseServices } from "../compose/services.ts";
import type { Target } from "../contract.ts";
import type { Rehearsal, RoomOptions } from "../rehearsal.ts";
import { ask, getService, type Service as SwarmService, type Spec } from "./api.ts";
import { hold, letGo, unrehearsed } from "./holder.ts";
import { asContainer, filesOf, neededBy } from "./project.ts";
import { readFrozen } from "./record.ts";

/**
 * On this node, and outside of the swarm: containers of a compose project, in which none of the swarm's networks and nothing of its scheduler has
 * a part. `openIn` opens the compose driver on that project.
 */
export function swarmRehearsal(ctx: Context, config: Config, service: string, openIn: (config: Config) => Target): Rehearsal {
  const inside = within(ctx, config);
  const room = rehearsalOf(inside, openIn, {
    async support(options) {
      const own = await getService(service);
      const services: Record<string, Service> = {};
      for (const spec of neededBy(own.Spec, databaseServices(config.settings), await othersThan(own)))
        services[spec.Name] = (await contain(inside, spec, options)).container;
      return { project: { services }, names: Object.keys(services) };
    },
    async release(release, options) {
      const { spec } = await readFrozen(release);
      const { container, pin } = await contain(inside, spec, options);
      const images = { [service]: pin };
      const about = { app: inside.name, project: inside.project, release: release.id, deployed: [service], images, adopted: [], notes: [] };
      const project: Project = { services: { [service]: container } };
      return { jobs: freezeJobs(project, about), about };
    },
  });
  return {
    ...room,
    async close() {
      await room.close();
      await letGo(inside.project);
    },
  };
}

async function othersThan(own: SwarmService): Promise<Spec[]> {
  const all = (await ask<SwarmService[]>(readServices(), { operation: "list", subject: "the services of the swarm" })) ?? [];
  return all.filter(({ ID }) => ID !== own.ID).flatMap(({ Spec: spec }) => (spec.Labels?.[besideLabel] === undefined ? [spec] : []));
}

/** The image is fetched where this node has never run it. */
async function contain(inside: ComposeApp, spec: Spec, { outside }: RoomOptions): Promise<{ container: Service; pin: Pin }> {
  if (outside && filesOf(spec).length > 0) {
    throw new UsageError({
      operation: "rehearse",
      subject: spec.Name,
      cause:
        "a database lies outside of the rehearsal, so that its network is open, and nobody can say whether a secret or config names production's",
      hint: unrehearsed,
    });
  }
  const { Image } = spec.TaskTemplate.ContainerSpec;
  const pin = await obtainImage(inside, Image, asContainer(spec, Image));
  return { container: asContainer(spec, pin.id, await hold(inside.project, spec, inside.ctx.signal)), pin };
}
