import type { Verb } from "./verb.ts";

/** The commands of `aplomo agent`. */
export const agentVerbs: Verb[] = [
  {
    name: "run",
    summary: "stay, and look after every application that was added; one per server",
    isDefault: true,
    options: [
      ["--listen <address>", "also show its pages there, to who has a token; TLS is the business of what stands in front"],
      ["--kept", "something starts it again when it ends: so it ends, between two jobs, when another Aplomo has come"],
    ],
    examples: ["aplomo agent run", "aplomo agent run --listen 127.0.0.1:8088"],
    exits: [1, 4],
    load: () => import("./commands/agent-run.ts"),
  },
  {
    name: "add",
    there: "ask",
    summary: "have the agent look after this application; again after its schedule has changed",
    examples: ["aplomo agent add", "aplomo agent add --config /srv/agenda/aplomo.yml"],
    exits: [],
    load: () => import("./commands/agent-add.ts"),
  },
  {
    name: "remove",
    there: "ask",
    summary: "have the agent leave an application alone; nothing of it is touched",
    args: "[app]",
    examples: ["aplomo agent remove", "aplomo agent remove agenda"],
    exits: [],
    load: () => import("./commands/agent-remove.ts"),
  },
  {
    name: "list",
    there: "ask",
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
    name: "token",
    summary: "make a token for somebody who looks at its pages at --listen; shown once",
    options: [
      ["--name <name>", "whose it is; a new one makes the former one void"],
      ["--role <role>", "read, or operate: also roll back, back up and drill (default read)"],
    ],
    examples: ["aplomo agent token --name ana", "aplomo agent token --name ana --role operate"],
    exits: [],
    load: () => import("./commands/agent-token.ts"),
  },
  {
    name: "install",
    there: "ask",
    summary: "print what keeps the agent running (systemd, PM2, a container), or have it kept by what is here",
    options: [["--yes", "have it kept, and start it; `aplomo setup` does that too"]],
    examples: ["aplomo agent install", "aplomo agent install --yes"],
    exits: [1],
    load: () => import("./commands/agent-install.ts"),
  },
];
