import type { Rule } from "../rule.ts";

export const listensLocalhost: Rule = {
  id: "listens-localhost",
  title: "it listens on localhost alone",
  why: "Inside a container localhost is the container itself: the program answers there, and everybody else is refused. What stands in front says 502 (I16).",
  next: "Let it listen on 0.0.0.0: HOST or HOSTNAME=0.0.0.0 for many frameworks, `--host 0.0.0.0`, or listen(port) without an address.",
  needs: ["units"],
  check: ({ units = [] }) =>
    units.flatMap(({ name, port, listening, program, data }) => {
      // A process on this machine is reached at localhost.
      const own = (listening ?? []).filter((one) => one.port === port);
      return port !== null && !data && !program && own.length > 0 && own.every(({ loopback }) => loopback)
        ? [{ subject: name, message: `port ${port} is open on 127.0.0.1 and nowhere else`, evidence: [listed(listening ?? [])] }]
        : [];
    }),
};

export function listed(listening: readonly { port: number; loopback: boolean }[]): string {
  const places = [...new Set(listening.map(({ port, loopback }) => `${loopback ? "127.0.0.1" : "0.0.0.0"}:${port}`))];
  return places.length > 0 ? `it listens on ${places.join(", ")}` : "it listens nowhere";
}
