/** What people are told: plain data, nothing secret. */
export interface Message {
  version: 1;
  kind: "problem" | "over" | "news" | "test";
  app: string;
  /** The machine's name. */
  server: string;
  /** ISO 8601. */
  at: string;
  /** One line: `agenda: web-1 restarts`. */
  title: string;
  /** What is wrong, each with its next act; what was wrong, when it is over. */
  findings: { subject: string; message: string; next: string | null }[];
  /** Since when, for a problem; how long it was, when it is over. */
  since: string | null;
  /** The incident's number, which stands in both of its messages. */
  incident: string | null;
}

/** Pure: the message as text, without markup of any service. */
export function textOf({ findings, since, server, incident, kind }: Message): string {
  const lines = findings.flatMap(({ subject, message, next }) => [
    `- ${subject}: ${message}`,
    ...(next === null || kind === "over" ? [] : [`  Next: ${next}`]),
  ]);
  const foot = [`on ${server}`, ...(since === null ? [] : [`since ${since}`]), ...(incident === null ? [] : [incident])];
  return [...lines, foot.join(", ")].join("\n");
}

/** As long as a service takes, cut where it is too long. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 2)} …`;
}
