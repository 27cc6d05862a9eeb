import type { AppFacts } from "./facts.ts";

const installs = {
  npm: { files: "package.json package-lock.json", all: "npm ci", production: "npm ci --omit=dev" },
  pnpm: {
    files: "package.json pnpm-lock.yaml",
    all: "corepack enable && pnpm install --frozen-lockfile",
    production: "corepack enable && pnpm install --frozen-lockfile --prod",
  },
  yarn: {
    files: "package.json yarn.lock",
    all: "corepack enable && yarn install --frozen-lockfile",
    production: "corepack enable && yarn install --frozen-lockfile --production",
  },
  none: { files: "package.json", all: "npm install --no-package-lock", production: "npm install --no-package-lock --omit=dev" },
};

/** A multi-stage Dockerfile: what builds stays behind, what runs belongs to nobody in particular. */
export function dockerfile(facts: AppFacts): string {
  return facts.framework === "python" ? python(facts) : facts.framework === "next" ? next(facts) : node(facts);
}

function run(facts: AppFacts): string {
  const words = (list: readonly string[]): string => `[${list.map((word) => JSON.stringify(word)).join(", ")}]`;
  const check =
    facts.framework === "python"
      ? ["python", "-c", `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${facts.port}/healthz', timeout=3)`]
      : [
          "node",
          "-e",
          `fetch('http://127.0.0.1:' + (process.env.PORT || ${facts.port}) + '${facts.framework === "next" ? "/api/health" : "/healthz"}').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`,
        ];
  return `EXPOSE ${facts.port}
# Asked with what is in the image: it has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ${words(check)}
${facts.runtime ? 'ENTRYPOINT ["node_modules/.bin/aplomo-boot", "--"]\n' : ""}# A list: no shell stands between Docker and the application, so SIGTERM reaches it.
CMD ${words(facts.start)}
`;
}

function migrations({ applies }: AppFacts): string {
  return applies === undefined ? "" : `# Migrations, and what applies them: node ${applies}\nCOPY --from=build /app/prisma ./prisma\n`;
}

function node(facts: AppFacts): string {
  const { files, all, production } = installs[facts.manager];
  const build = facts.build
    ? `FROM dependencies AS build
RUN ${all}
COPY . .
RUN ${facts.prisma ? "npx prisma generate && " : ""}npm run build

`
    : "";
  return `# Another base, such as one of your registry: --build-arg BASE=...
ARG BASE=node:22-bookworm-slim
FROM \${BASE} AS dependencies
WORKDIR /app
COPY ${files} ./

${build}FROM dependencies AS production
RUN ${production} && mkdir -p node_modules

FROM \${BASE}
ENV NODE_ENV=production PORT=${facts.port}
WORKDIR /app
COPY --from=production /app/node_modules ./node_modules
${facts.build ? "COPY --from=build /app/package.json ./\nCOPY --from=build /app/dist ./dist\n" : "COPY . .\n"}${facts.build ? migrations(facts) : ""}# The files belong to root, and the application only reads them.
USER 1001:1001
${run(facts)}`;
}

function next(facts: AppFacts): string {
  const { files, all } = installs[facts.manager];
  return `# next.config must say output: "standalone".
ARG BASE=node:22-bookworm-slim
FROM \${BASE} AS build
WORKDIR /app
COPY ${files} ./
RUN ${all}
COPY . .
RUN ${facts.prisma ? "npx prisma generate && " : ""}npm run build && mkdir -p public

FROM \${BASE}
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=${facts.port}
WORKDIR /app
COPY --from=build --chown=1001:1001 /app/.next/standalone ./
COPY --from=build --chown=1001:1001 /app/.next/static ./.next/static
COPY --from=build --chown=1001:1001 /app/public ./public
${migrations(facts)}USER 1001:1001
${run(facts)}`;
}

function python(facts: AppFacts): string {
  return `ARG BASE=python:3.13-slim
FROM \${BASE} AS build
WORKDIR /app
COPY requirements.txt ./
# Compilers, where a package needs them, stay in this stage.
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt

FROM \${BASE}
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
USER 1001:1001
${run(facts)}`;
}

export const dockerignore = `# What the image must not hold: secrets, history, and what is made anew.
.env*
!.env.example
.git
.github
node_modules
.next
dist
build
coverage
__pycache__
.venv
*.log
*.md
Dockerfile*
compose*.yml
docker-compose*.yml
aplomo.yml
`;
