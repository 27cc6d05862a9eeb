import type { Rule } from "../rule.ts";

export const edgeNetwork: Rule = {
  id: "edge-network",
  title: "what stands in front is in none of its networks",
  why: "Two containers reach each other only in a network they share. Proxies say 502 or 504, and both sides look healthy (I16).",
  next: "Give the service the network of the one in front (compose: networks, with external: true), or the other way round; then deploy.",
  needs: ["units", "front"],
  check: ({ units = [], front }) => {
    const doors = (front?.doors ?? []).filter(({ networks }) => !networks.includes("host"));
    // Where Aplomo's edge stands in front, the way leads over this machine.
    if (doors.length === 0 || front?.edge) return [];
    const isDoor = (name: string): boolean => doors.some((door) => door.name === name);
    return units
      .filter(
        ({ name, front: asked, networks, state, data }) =>
          asked === true && !data && !isDoor(name) && state === "running" && networks.length > 0,
      )
      .filter(({ networks }) => !doors.some((door) => door.networks.some((network) => networks.includes(network))))
      .map(({ name, networks }) => ({
        subject: name,
        message: `${doors.map((door) => door.name).join(", ")} cannot reach it: they share no network`,
        evidence: [`${name}: ${networks.join(", ")}`, ...doors.map((door) => `${door.name}: ${door.networks.join(", ")}`)],
      }));
  },
};
