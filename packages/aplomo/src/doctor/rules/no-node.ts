import { spoken } from "../voices.ts";

export const noNode = spoken({
  id: "no-node",
  title: "no node of the swarm may run it",
  why: "Its constraints, its memory or processors set aside, a port of the node that is taken, or --replicas-max-per-node leave no node: the swarm waits for one, and says nothing.",
  next: "Compare `docker service inspect --pretty` with `docker node ls` and the nodes' labels: bring a node back (`docker node update --availability active`), or ask for less.",
  patterns: [/no suitable node(?: \((.+)\))?/],
  tell: ([, reason = "no reason is given"]) => ({ message: `the swarm finds no node for it: ${reason}` }),
});
