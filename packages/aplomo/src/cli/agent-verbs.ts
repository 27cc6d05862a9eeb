import type { Verb } from "./verb.ts";

/** The commands of `aplomo agent`. */
export const agentVerbs: Verb[] = [
  {
    name: "run",
    summary: "stay, and look after every application that was added; one per server",
    isDefault: true,
    examples: ["aplomo agent run", "aplomo agent run --json"],
    exits: [4],
    load: () => import("./commands/agent-run.ts"),
  },
  {
    name: "add",
    summary: "have the agent look after this application; again after its schedule has changed",
    examples: ["aplomo agent add", "aplomo agent add --config /srv/agenda/aplomo.yml"],
    exits: [],
    load: () => import("./commands/agent-add.ts"),
  },
  {
    name: "remove",
    summary: "have the agent leave an application alone; nothing of it is touched",
    args: "[app]",
    examples: ["aplomo agent remove", "aplomo agent remove agenda"],
    exits: [],
    load: () => import("./commands/agent-remove.ts"),
  },
  {
    name: "list",
    summary: "list the applications it looks after, what ran last and what runs next",
    examples: ["aplomo agent list", "aplomo agent list --json"],
    exits: [],
    load: () => import("./commands/agent-list.ts"),
  },
  {
    name: "look",
    summary: "look once at this application as the agent does, and say what is wrong",
    options: [
      ["--deep", "also count what invariants speak of, and compare units with what their release means"],
      ["--ping", "ask watch.ping afterwards, as the agent does"],
    ],
    examples: ["aplomo agent look --deep", "aplomo agent look --json"],
    exits: [1],
    load: () => import("./commands/agent-look.ts"),
  },
  {
    name: "install",
    summary: "print the systemd unit that keeps the agent running, or install it",
    options: [["--yes", "install it, and start it"]],
    examples: ["aplomo agent install", "aplomo agent install --yes"],
    exits: [1],
    load: () => import("./commands/agent-install.ts"),
  },
];
