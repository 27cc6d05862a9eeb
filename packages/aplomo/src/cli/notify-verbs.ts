import type { Verb } from "./verb.ts";

/** The commands of `aplomo notify`. */
export const notifyVerbs: Verb[] = [
  {
    name: "test",
    summary: "tell everyone whom aplomo.yml names that this is a test, and say who took it",
    examples: ["aplomo notify test"],
    exits: [1],
    load: () => import("./commands/notify-test.ts"),
  },
  {
    name: "send",
    summary: "tell everyone a message of the agent, JSON on standard input",
    examples: ["aplomo notify send < message.json"],
    exits: [1],
    load: () => import("./commands/notify-send.ts"),
  },
];
