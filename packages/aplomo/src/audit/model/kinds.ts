/** What a file is to the audit, by its path alone. */
export type Kind =
  | "dockerfile"
  | "dockerignore"
  | "compose"
  | "shell"
  | "hook"
  | "package"
  | "pm2"
  | "env"
  | "code"
  | "prisma"
  | "prisma-lock"
  | "sql"
  | "workflow"
  | "aplomo"
  | "other";

/** Undefined: not a file the audit reads. */
export function kindOf(path: string): Kind | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (name.endsWith(".dockerignore")) return "dockerignore";
  if (
    /^(Dockerfile|Containerfile)([._-][\w.-]+)?$|\.(Dockerfile|dockerfile)$/.test(name) &&
    !/\.(md|txt|sh|js|ts|py|tmpl|j2|erb|swp|bak|tpl)$/.test(name)
  )
    return "dockerfile";
  if (/^(docker-)?compose([._-][\w.-]+)?\.ya?ml$/.test(name) || /^docker-stack[\w.-]*\.ya?ml$/.test(name)) return "compose";
  if (name === "package.json") return "package";
  if (/^(ecosystem|pm2|process|processes)(\.[\w-]+)*\.(c|m)?js$|^(ecosystem|pm2|processes)(\.[\w-]+)*\.(json|ya?ml)$/.test(name))
    return "pm2";
  if (
    /(^|\/)(\.husky|\.githooks|\.git-hooks|githooks|hooks)$/.test(folder) &&
    /^(pre|post|commit|prepare|applypatch|update)[\w-]*(\.sh)?$/.test(name)
  )
    return "hook";
  if (/\.(sh|bash)$/.test(name) || /^(docker-)?entrypoint$/.test(name)) return "shell";
  if (/^\.env(\.[\w.-]+)?$|^env\.(example|sample|template|dist)$|^[\w-]+\.env(\.(example|sample|template|dist))?$/.test(name)) return "env";
  if (name === "schema.prisma") return "prisma";
  if (name === "migration_lock.toml") return "prisma-lock";
  if (name.endsWith(".sql")) return /(^|\/)(migrations?|migrate|drizzle)(\/|$)/.test(folder) ? "sql" : undefined;
  if (/(^|\/)\.(github|gitea|forgejo)\/workflows$/.test(folder) && /\.ya?ml$/.test(name)) return "workflow";
  if (name === "aplomo.yml") return "aplomo";
  if (/^(\.gitignore|Makefile|requirements[\w.-]*\.txt|pyproject\.toml|lefthook\.ya?ml|\.pre-commit-config\.yaml|Justfile)$/i.test(name))
    return "other";
  if (/\.d\.[cm]?ts$|\.min\.[cm]?js$|\.bundle\.js$/.test(name)) return undefined;
  if (/\.([cm]?[jt]s|[jt]sx|py)$/.test(name)) return "code";
  return undefined;
}

/** Tests, stories and examples: what they do never happens in production. */
export function isTest(path: string): boolean {
  return (
    /(^|\/)(tests?|__tests__|__mocks__|e2e|spec|specs|cypress|playwright|fixtures?|stories|benchmarks?|examples?|docs?|documentation|templates?|demos?|samples?|playground)\//i.test(
      path,
    ) || /\.(test|spec|stories|e2e|bench)\.[\w]+$|(^|\/)(test_\w+|conftest)\.py$/.test(path)
  );
}

/** What a file is meant for, by the words of its path: a file for developers may do what production may not. */
export function purposeOf(path: string): "production" | "development" | "unknown" {
  const words = path.toLowerCase().split(/[^a-z0-9]+/);
  const has = (...wanted: string[]): boolean => wanted.some((word) => words.includes(word));
  if (
    has(
      "dev",
      "development",
      "local",
      "test",
      "tests",
      "testing",
      "ci",
      "e2e",
      "debug",
      "example",
      "examples",
      "sample",
      "devcontainer",
      "playground",
      "bench",
      "benchmark",
      "benchmarks",
      "demo",
      "integration",
      "storybook",
      "docs",
    )
  )
    return "development";
  return has("prod", "production", "release", "deploy", "deployment", "stack", "swarm") ? "production" : "unknown";
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** A path from a folder of the tree, without `.` and `..`; undefined when it leaves the tree. */
export function joinPath(folder: string, path: string): string | undefined {
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}
