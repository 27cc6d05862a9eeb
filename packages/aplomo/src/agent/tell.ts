import { hostname } from "node:os";
import { counted } from "../base/count.ts";
import type { Finding } from "../doctor/diagnose.ts";
import type { Untold } from "./incidents.ts";
import type { Message } from "./message.ts";
import type { Verdict } from "./verdict.ts";

/** Pure but for the machine's name: what people are told of an incident, and of a release's first day. */

export function titleOf(app: string, { incident, kind }: Untold): string {
  const [first, ...others] = incident.troubles.toSorted((a, b) => Number(a.level === "warning") - Number(b.level === "warning"));
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  return kind === "over" ? `${app}: over: ${first?.subject}${more}` : `${app}: ${first?.subject}: ${first?.message.slice(0, 120)}${more}`;
}

/** Causes come first: they are what the reader acts upon. */
export function incidentMessage(
  app: string,
  one: Untold,
  causes: readonly Pick<Finding, "subject" | "message" | "next">[],
  now: Date,
): Message {
  const { incident, kind } = one;
  const findings = [...causes, ...incident.troubles].map(({ subject, message, next }) => ({ subject, message, next }));
  return { ...blank(app, now), kind, title: titleOf(app, one), findings, since: incident.openedAt, incident: incident.id };
}

function blank(app: string, now: Date): Omit<Message, "kind" | "title" | "findings"> {
  return { version: 1, app, server: hostname(), at: now.toISOString(), since: null, incident: null };
}

export function verdictMessage(app: string, { release, good, troubles, looks, failed, restarts }: Verdict, now: Date): Message {
  const said = `${good ? "it is as it should be" : troubles.join("; ")} (${counted(looks, "look")}, ${counted(failed.times, "failed check")}, ${counted(restarts, "restart")})`;
  const title = `${app}: ${release} after its first 24 hours: ${good ? "good" : "not good"}`;
  return { ...blank(app, now), kind: "news", title, findings: [{ subject: release, message: said, next: null }] };
}
