import { mask } from "../../deploy/gates/gate.ts";
import type { Session } from "../../deploy/session.ts";
import { get } from "../../host/http.ts";
import type { Unit } from "../../targets/contract.ts";
import type { Part } from "../look.ts";
import type { Signal } from "../signal.ts";

const limit = 5_000;
const day = 24 * 60 * 60_000;

/** Asks every unit directly and the public addresses as the public does. */
export async function lookAtHealth(session: Session, units: readonly Unit[]): Promise<Part> {
  const { health } = session.config.settings;
  const inside = units.flatMap(({ name, service, state, address }) => {
    const asked = health.path !== undefined && (health.service === undefined || health.service === service);
    return asked && state === "running" && address
      ? [{ what: name, service, url: `http://${address.host}:${address.port}${health.path}` }]
      : [];
  });
  const targets: { what: string; service?: string; url: string }[] = [...inside, ...health.public.map((url) => ({ what: url, url }))];
  const answers = await Promise.all(targets.map(async ({ url, ...one }) => ({ ...one, answer: await get(url, limit) })));
  const failed = answers.filter(({ answer }) => answer.status === null || answer.status >= 400);
  const now = session.ctx.now().getTime();
  const ending = answers.flatMap(({ what, answer }) => {
    const left = (answer.certificateEnds ?? Infinity) - now;
    return left < session.config.settings.watch.certificate ? [expiring(what, left)] : [];
  });
  const unitsAnswer = !failed.some(({ what }) => inside.some((one) => one.what === what));
  return {
    asked: answers.map(({ answer, ...one }) => ({ ...one, status: answer.status ?? 0, ms: answer.ms })),
    signals: [
      ...ending,
      ...failed.map(({ what, answer }): Signal => {
        const said = answer.problem ?? `it answers ${answer.status}: ${mask(session, answer.body).slice(0, 200)}`;
        const isPublic = health.public.includes(what);
        const between = "The units answer when asked directly: look at what stands in front, at names and at firewalls.";
        return {
          key: `health:${what}`,
          level: "error",
          subject: what,
          message: isPublic ? `not reached as the public reaches it: ${said}` : `not healthy: ${said}`,
          next:
            isPublic && unitsAnswer && inside.length > 0
              ? between
              : "`aplomo logs` shows what it says; `aplomo rollback` returns to the release before.",
          evidence: [],
        };
      }),
    ],
  };
}

function expiring(url: string, left: number): Signal {
  const days = Math.floor(left / day);
  return {
    key: `certificate:${url}`,
    level: left < 0 ? "error" : "warning",
    subject: url,
    message: left < 0 ? "its certificate has run out" : `its certificate runs out in ${days === 1 ? "a day" : `${days} days`}`,
    next: "Renew it: `certbot renew`, or see in the edge's log why it could not. Port 80 must be reachable from outside.",
    evidence: [],
  };
}
