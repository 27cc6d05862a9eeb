import { parseDuration } from "../base/time.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./problem.ts";
import { checkSecrets } from "./committed-secrets.ts";
import { checkEdge, isOther } from "./relations-edge.ts";
import { looksSecret } from "./secrecy.ts";
import { found, isMapping, isTold, list, mapping, placeOf, tell, valueAt } from "./tell.ts";
import type { Tree } from "./tree.ts";

/**
 * What several keys must be together. Works on whatever could be read, so that one run tells everything;
 * a path that was reported already is left alone.
 */
export function checkRelations(tree: Tree): void {
  const kind = valueAt(tree.value, ["target", "kind"]);
  for (const name of Object.keys(mapping(tree, ["databases"]))) checkDatabase(tree, ["databases", name], kind);
  checkJobs(tree, kind);
  checkServices(tree, kind);
  checkEdge(tree, kind);
  checkEnvironmentRules(tree);
  checkBrought(tree);
  checkImages(tree, kind);
  for (const index of list(tree, ["logs", "forbid"]).keys()) checkExpression(tree, ["logs", "forbid", index]);
  checkBackups(tree);
  checkSecrets(tree);
}

function checkDatabase(tree: Tree, path: Path, kind: unknown): void {
  const db = mapping(tree, path);
  const unwanted = (key: string, message: string, hint: string): void => {
    if (key in db) tell(tree, [...path, key], message, hint, "key");
  };
  if (db["engine"] === "sqlite") {
    if (!("file" in db))
      tell(tree, [...path, "file"], "is missing: an sqlite database is a file", "Add `file:` (its path, relative to aplomo.yml)");
    for (const key of ["service", "url", "name", "user"]) unwanted(key, "is not for sqlite, which is a file", `Remove ${key}`);
  }
  if (isServer(db["engine"])) {
    unwanted("file", "is for sqlite only", "Remove file");
    const reached = ["service", "url"].filter((key) => key in db);
    const own = kind === "compose" ? "the compose service it runs in" : "the swarm's service whose task runs on this node";
    const choice = kind === "pm2" ? "`url:`" : `\`service:\` (${own}) or \`url:\``;
    if (reached.length === 0) tell(tree, [...path, "url"], "is missing: nothing says where the database is", `Add ${choice}`);
    if (reached.length === 2)
      unwanted("url", "and service are both set", "Keep one: service for a container of this app, url for any other server");
    if (!("service" in db))
      for (const key of ["name", "user"]) unwanted(key, "is for a database in a compose service", "Put it into the url");
    if (kind === "pm2") unwanted("service", "is for compose and swarm, and the target is pm2", "Use url");
    checkUrl(tree, [...path, "url"], db["url"], db["engine"]);
  }
  for (const name of Object.keys(mapping(tree, [...path, "invariants"]))) checkInvariant(tree, [...path, "invariants", name]);
}

/** How a URL of an engine's databases begins, and which port they usually have. */
const schemes: Record<string, { begins: RegExp; example: string }> = {
  postgres: { begins: /^postgres(ql)?(\+\w+)?:\/\//, example: "postgres://user:password@host:5432/name" },
  mariadb: { begins: /^(mysql|mariadb)(\+\w+)?:\/\//, example: "mysql://user:password@host:3306/name" },
  mongodb: { begins: /^mongodb(\+srv)?:\/\//, example: "mongodb://user:password@host:27017/name" },
  mysql: { begins: /^(mysql|mariadb)(\+\w+)?:\/\//, example: "mysql://user:password@host:3306/name" },
};

const isServer = (engine: unknown): boolean => typeof engine === "string" && engine in schemes;

function checkUrl(tree: Tree, path: Path, value: unknown, engine: unknown): void {
  const scheme = schemes[String(engine)];
  if (typeof value !== "string" || !scheme) return;
  if (scheme.begins.test(value.trim()) && /^[^:]+:\/\/[^/?#]*\/[^/?#]+/.test(value.trim())) return;
  const { written, variables } = placeOf(tree, path);
  const whose = written === null ? "" : " whose value is";
  const act = written === null ? "Write" : `Correct ${variables.map((variable) => variable.name).join(", ")}:`;
  const form = `${scheme.example}, with @ / # in a password as %40 %2F %23`;
  tell(tree, path, `is ${found(tree, path)},${whose} not a database's URL`, `${act} ${form}`);
}

function checkInvariant(tree: Tree, path: Path): void {
  const rule = mapping(tree, path);
  if (!isMapping(valueAt(tree.value, path))) return;
  const bounds = ["at_least", "at_most", "exactly", "never_falls"];
  if (!bounds.some((key) => key in rule)) return tell(tree, path, "holds nothing to", `Add one of ${bounds.join(", ")}`);
  const { at_least: least, at_most: most } = rule;
  if (typeof least === "number" && typeof most === "number" && least > most) {
    tell(
      tree,
      [...path, "at_most"],
      `is ${found(tree, [...path, "at_most"])}, less than at_least (${found(tree, [...path, "at_least"])})`,
      "Swap them, or correct one",
    );
  }
  if ("query" in rule && "never_falls" in rule) {
    tell(tree, [...path, "never_falls"], "compares a table's rows before and after, and query is set too", "Keep one of them");
  }
  if ("exactly" in rule && ("at_least" in rule || "at_most" in rule)) {
    tell(tree, [...path, "exactly"], `is ${found(tree, [...path, "exactly"])}, and at_least or at_most is set too`, "Keep one of them");
  }
}

function checkJobs(tree: Tree, kind: unknown): void {
  const names = new Map<unknown, number>();
  for (const index of list(tree, ["derive"]).keys()) {
    const path = ["derive", index];
    checkJob(tree, path, kind);
    const name = mapping(tree, path)["name"];
    const first = names.get(name);
    if (first !== undefined && typeof name === "string") {
      tell(tree, [...path, "name"], `is ${found(tree, [...path, "name"])}, as in derive[${first}]`, "Give each step its own name");
    } else names.set(name, index);
  }
  for (const key of ["migrate", "seed"]) checkJob(tree, [key], kind);
  checkMigration(tree);
  const limit = durationAt(tree, ["migrate", "time_limit"]);
  const lock = durationAt(tree, ["migrate", "lock_timeout"]);
  if (limit !== undefined && lock !== undefined && lock > limit) {
    const path = ["migrate", "lock_timeout"];
    tell(tree, path, `is ${found(tree, path)}, longer than time_limit (${found(tree, ["migrate", "time_limit"])})`, "Make it shorter");
  }
}

function checkJob(tree: Tree, path: Path, kind: unknown): void {
  const job = valueAt(tree.value, path);
  if (!isMapping(job)) return;
  const service = [...path, "service"];
  if (kind === "compose" && !("service" in job)) {
    tell(tree, service, "is missing: a command runs in a service's image", "Add `service:` (the service whose image has the command)");
  }
  if (isOther(kind) && "service" in job) {
    const where = kind === "pm2" ? "the release's folder" : "the release's image";
    tell(tree, service, `is for compose, and the target is ${kind}`, `Remove service: the command runs in ${where}`, "key");
  }
  const database = job["database"];
  const known = Object.keys(mapping(tree, ["databases"]));
  if (typeof database !== "string" || known.includes(database) || isTold(tree, ["databases"])) return;
  const near = nearest(database, known);
  const hint =
    known.length === 0 ? "Add it under databases" : near === undefined ? `Use one of ${known.join(", ")}` : `Did you mean ${near}?`;
  const at = [...path, "database"];
  tell(tree, at, `is ${found(tree, at)}, which is not among databases`, hint);
}

/** Without a command Aplomo runs SQL files, and must know which and where. */
function checkMigration(tree: Tree): void {
  const value = valueAt(tree.value, ["migrate"]);
  if (!isMapping(value) || "run" in value) return;
  if (!("files" in value)) {
    const hint = "Add `run:` (the command, as a list), or `files:` (a folder of SQL files, which Aplomo runs itself)";
    return tell(tree, ["migrate", "run"], "is missing: nothing says how to migrate", hint);
  }
  const known = Object.keys(mapping(tree, ["databases"]));
  if (!("database" in value) && known.length !== 1)
    return tell(
      tree,
      ["migrate", "database"],
      "is missing: Aplomo runs the SQL files itself, and must know where",
      "Add `database:` (one of databases)",
    );
  const meant = typeof value["database"] === "string" ? value["database"] : (known[0] ?? "");
  if (mapping(tree, ["databases", meant])["engine"] === "mongodb")
    tell(tree, ["migrate", "run"], `is missing: ${meant} is MongoDB, which knows no SQL files`, "Add `run:` (the command, as a list)");
}

function checkServices(tree: Tree, kind: unknown): void {
  const health = mapping(tree, ["health"]);
  if (kind === "swarm" && "service" in health)
    tell(tree, ["health", "service"], "is for compose, and the target is swarm", "Remove it: the service's tasks are asked", "key");
  if (kind === "pm2") {
    const hints = { service: "Remove it: every process of the app is asked", port: "Remove it: target.port is asked" };
    for (const [key, hint] of Object.entries(hints)) {
      if (key in health) tell(tree, ["health", key], "is for compose, and the target is pm2", hint, "key");
    }
  }
  if (kind !== "compose") return;
  const replaced = list(tree, ["target", "services"]);
  const service = health["service"];
  if (typeof service === "string" && replaced.length > 0 && !replaced.includes(service)) {
    const near = nearest(service, replaced.map(String));
    const hint = near === undefined ? "Name one of them, or add it there" : `Did you mean ${near}?`;
    tell(tree, ["health", "service"], `is ${found(tree, ["health", "service"])}, which is not among target.services`, hint);
  }
  for (const name of Object.keys(mapping(tree, ["databases"]))) {
    const index = replaced.indexOf(mapping(tree, ["databases", name])["service"] ?? null);
    if (index < 0) continue;
    const path = ["target", "services", index];
    tell(tree, path, `is ${found(tree, path)}, where the database ${name} lives`, "Remove it: a release never replaces a database");
  }
}

function checkBackups(tree: Tree): void {
  const path = ["backups", "zone"];
  const zone = valueAt(tree.value, path);
  if (typeof zone === "string" && !isTold(tree, path) && !isZone(zone))
    tell(tree, path, `is ${found(tree, path)}, which is no time zone`, "Write one such as Europe/Madrid or UTC");
  const names = new Map<unknown, number>();
  for (const index of list(tree, ["backups", "copy_to"]).keys()) {
    const at = ["backups", "copy_to", index, "name"];
    const name = valueAt(tree.value, at);
    const first = names.get(name);
    if (typeof name !== "string") continue;
    if (first === undefined) names.set(name, index);
    else tell(tree, at, `is ${found(tree, at)}, as in copy_to[${first}]`, "Give each store its own name");
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function checkEnvironmentRules(tree: Tree): void {
  const required = mapping(tree, ["env", "require"]);
  for (const [index, name] of list(tree, ["env", "forbid"]).entries()) {
    const path = ["env", "forbid", index];
    if (typeof name !== "string") continue;
    if (name in required) tell(tree, path, `is ${found(tree, path)}, which env.require wants`, "Keep it in one of the two");
  }
  for (const name of Object.keys(required)) {
    const path = ["env", "require", name];
    const rule = mapping(tree, path);
    checkExpression(tree, [...path, "pattern"]);
    const { min_length: least, max_length: most } = rule;
    if (typeof least === "number" && typeof most === "number" && least > most) {
      tell(
        tree,
        [...path, "max_length"],
        `is ${found(tree, [...path, "max_length"])}, less than min_length (${found(tree, [...path, "min_length"])})`,
        "Swap them, or correct one",
      );
    }
    if ("type" in rule && "list" in rule) tell(tree, [...path, "type"], "and list are both set", "Use each for the items of a list", "key");
    if ("one_of" in rule && "equals" in rule) tell(tree, [...path, "one_of"], "and equals are both set", "Keep one of them", "key");
    if ("each" in rule && !("list" in rule))
      tell(tree, [...path, "each"], "is for the items of a list", "Add `list: csv` or `list: json`", "key");
  }
}

function checkImages(tree: Tree, kind: unknown): void {
  const service = valueAt(tree.value, ["target", "service"]);
  for (const name of Object.keys(mapping(tree, ["images"]))) {
    const path = ["images", name];
    if (kind === "pm2") tell(tree, path, "is for containers, and the target is pm2", "Remove images", "key");
    if (kind === "swarm" && name !== service) tell(tree, path, "is not target.service", `Call it ${String(service)}`, "key");
    if (kind === "swarm" && !("repository" in mapping(tree, path)))
      tell(tree, path, "has no repository, and every node fetches the image from one", "Add `repository:`", "key");
    for (const arg of Object.keys(mapping(tree, [...path, "args"])))
      if (looksSecret(arg))
        tell(tree, [...path, "args", arg], "stays readable in the image", "Use a secret mount, or give it at run time", "key");
  }
}

/** Each comes from one place, or nobody could say which value the app gets. */
function checkBrought(tree: Tree): void {
  for (const name of Object.keys(mapping(tree, ["env", "from"]))) {
    const path = ["env", "from", name];
    const ways = ["command", "file"].filter((key) => key in mapping(tree, path));
    if (ways.length !== 1)
      tell(
        tree,
        path,
        ways.length === 0 ? "does not say where from" : "has a command and a file",
        "Keep one: `command:` or `file:`",
        "key",
      );
  }
}

function checkExpression(tree: Tree, path: Path): void {
  const text = valueAt(tree.value, path);
  if (typeof text !== "string") return;
  try {
    void new RegExp(text);
  } catch (error) {
    const why = (error as Error).message.replace(/^.*\/[a-z]*: /s, "");
    tell(
      tree,
      path,
      `is ${found(tree, path)}, not a regular expression (${why.toLowerCase()})`,
      "Correct it; a literal ( [ . * + ? needs \\ before it",
    );
  }
}

function durationAt(tree: Tree, path: Path): number | undefined {
  const value = valueAt(tree.value, path);
  return typeof value === "string" || typeof value === "number" ? parseDuration(value) : undefined;
}
