import { programsOf, search } from "../ask/code.ts";
import { folderOf } from "../model/kinds.ts";
import { assignments } from "../read/dockerfile.ts";
import { at, entriesOf } from "../read/yaml.ts";
import type { Found, Rule } from "../rule.ts";

/** What the platform, the runtime or a tool sets. */
const given =
  /^(NODE_ENV|PORT|HOST|HOSTNAME|HOME|PATH|PWD|USER|SHELL|TZ|CI|LANG|DEBUG|TMPDIR|TEMP|APPDATA|NODE_OPTIONS|INIT_CWD|npm_\w+|VERCEL\w*|NEXT_(RUNTIME|PHASE)|GITHUB_\w+|RAILWAY_\w+|RENDER\w*|FLY_\w+|HEROKU_\w*|AWS_LAMBDA\w*|K_SERVICE|JEST_WORKER_ID|VITEST\w*|PLAYWRIGHT\w*|ANALYZE|pm_id|NODE_APP_INSTANCE|KUBERNETES_\w+|LOG_LEVEL|BASE_URL|MODE|DEV|PROD|SSR|NO_COLOR|FORCE_COLOR|TERM|EDITOR|APLOMO_\w+|NETLIFY\w*|CF_PAGES\w*|npm|TEST\w*|E2E\w*)$/;

export const envUndeclared: Rule = {
  id: "env-undeclared",
  title: "the application reads a variable that nobody is told of",
  area: "environment",
  severity: "info",
  why: "whoever sets the server up follows the example file; a variable it does not name is undefined in production, often far from where it matters; many are optional, hence info; one that is a secret and has no default is a warning",
  needs: ["code", "env"],
  example: {
    "package.json": "{}\n",
    ".env.example": "DATABASE_URL=\n«¦MAIL_TOKEN=\n»",
    "server.js": "process.on('SIGTERM', stop);\nconnect(process.env.DATABASE_URL);\nmail(process.env.MAIL_TOKEN);\n",
  },
  check: (model) =>
    model.packages.flatMap((one): Found[] => {
      const isNear = (path: string): boolean => folderOf(path) === one.folder || folderOf(path) === "";
      const example = model.envFiles.find((file) => file.example && folderOf(file.source.path) === one.folder);
      if (!example || example.variables.size === 0) return [];
      const names = new Set([
        ...model.envFiles.flatMap((file) => {
          if (!isNear(file.source.path)) return [];
          const commented = file.source.text.matchAll(/^\s*#\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/gm);
          return [...file.variables.keys(), ...[...commented].map(([, name]) => name ?? "")];
        }),
        ...model.services.flatMap((service) => [...service.environment.keys()]),
        ...model.dockerfiles.flatMap((file) =>
          file.instructions
            .filter((each) => each.name === "ENV" || each.name === "ARG")
            .flatMap((each) => assignments(each).map(({ name }) => name)),
        ),
        ...model.pm2.flatMap((app) => [...app.env.keys()]),
        ...entriesOf(at(model.aplomo, "env", "require")).map(([name]) => name),
        ...[...one.scripts.values()].flatMap(({ text }) => [...text.matchAll(/\b([A-Z][A-Z0-9_]+)=/g)].map(([, name]) => name ?? "")),
      ]);
      // Code of a package inside another is that package's.
      const inner = model.packages
        .filter((other) => other !== one && other.folder.startsWith(one.folder === "" ? "" : `${one.folder}/`))
        .map((other) => `${other.folder}/`);
      const files = programsOf(model, one).filter(
        (code) =>
          !inner.some((folder) => code.source.path.startsWith(folder)) &&
          !/(^|\/)(scripts?|tools?|\.?storybook|migrations?)\//.test(code.source.path),
      );
      const seen = new Set<string>();
      return search(
        files,
        "process.env",
        /process\.env(?:\.([A-Z][A-Z0-9_]*)|\[["']([A-Z][A-Z0-9_]*)["']\])(\s*(?:\|\||\?\?|===|!==|=(?!=)|\?))?/g,
      ).flatMap(({ match, place }): Found[] => {
        const name = match[1] ?? match[2] ?? "";
        if (seen.has(name) || names.has(name) || given.test(name) || match[3] !== undefined) return [];
        seen.add(name);
        return [
          {
            place,
            severity: /(SECRET|PASSWORD|TOKEN|_KEY)$/.test(name) && !/PUBLIC/.test(name) ? "warning" : "info",
            message: `${name} is read here, and ${example.source.path} does not name it`,
            hint: `add ${name}= to ${example.source.path} with a word on what it is for, or give it a default here`,
          },
        ];
      });
    }),
};
