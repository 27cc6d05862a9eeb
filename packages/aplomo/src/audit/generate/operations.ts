import type { AppFacts } from "./facts.ts";

/** Audits what a change brings, tests, builds, and deploys what is on the main branch. */
export function workflow(facts: AppFacts): string {
  const install = {
    npm: "npm ci",
    pnpm: "corepack enable && pnpm install --frozen-lockfile",
    yarn: "corepack enable && yarn install --frozen-lockfile",
    none: "npm install",
  }[facts.manager];
  const test =
    facts.framework === "python"
      ? "      - run: pip install -r requirements.txt pytest && pytest\n"
      : `      - run: ${install}\n${facts.tests ? "      - run: npm test\n" : ""}`;
  const setup = facts.framework === "python" ? "      - uses: actions/setup-python@v5\n        with: { python-version: '3.13' }\n" : "";
  return `name: deploy
on:
  pull_request:
  push:
    branches: [main]

# One deploy after the other.
concurrency: { group: "deploy-\${{ github.ref }}", cancel-in-progress: false }

permissions:
  contents: read
  packages: write
  security-events: write

jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: { fetch-depth: 0 }
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      # Of a pull request only what it brings; all of the main branch.
      - if: github.event_name == 'pull_request'
        run: npx --yes aplomo audit --since origin/\${{ github.base_ref }} --format github
      - if: github.event_name == 'push'
        run: npx --yes aplomo audit --severity error --format github

  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
${setup}${test}
  image:
    needs: [audit, test]
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: docker/login-action@v3
        with: { registry: ghcr.io, username: "\${{ github.actor }}", password: "\${{ secrets.GITHUB_TOKEN }}" }
      # Named by the commit: a tag that moves says nothing about what runs.
      - uses: docker/build-push-action@v6
        with: { push: true, tags: "ghcr.io/\${{ github.repository }}:\${{ github.sha }}" }

  deploy:
    needs: image
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v4
      - name: reach the server
        env:
          KEY: \${{ secrets.DEPLOY_KEY }}
          KNOWN_HOSTS: \${{ secrets.DEPLOY_KNOWN_HOSTS }}
        run: |
          install -m 700 -d ~/.ssh
          printf '%s\\n' "$KEY" > ~/.ssh/id_ed25519 && chmod 600 ~/.ssh/id_ed25519
          printf '%s\\n' "$KNOWN_HOSTS" > ~/.ssh/known_hosts
      # Aplomo on the server backs up, migrates, switches, proves, and takes back what fails.
      - name: deploy
        env:
          HOST: \${{ secrets.DEPLOY_HOST }}
          IMAGE: ghcr.io/\${{ github.repository }}:\${{ github.sha }}
        run: ssh "$HOST" "cd ${facts.name} && IMAGE=$IMAGE aplomo deploy"
`;
}

/** Where things are, and what to do first. */
export function runbook(facts: AppFacts): string {
  const { name, port, postgres } = facts;
  const health = facts.framework === "next" ? "/api/health" : "/healthz";
  return `# Runbook: ${name}

## Where things are

| what | where |
|---|---|
| configuration | \`aplomo.yml\`, \`compose.yml\`; secrets in \`.env\` on the server (mode 600) |
| state, releases, backups | \`aplomo status\`, \`aplomo history\`, \`aplomo backup list\` |
| logs | \`aplomo logs --tail 200\` |
| health | \`curl -fsS http://127.0.0.1:${port}${health}\` |

## Before a deploy

1. Tests pass, the tree is clean and pushed.
2. \`aplomo audit\` finds nothing new; \`aplomo check\` accepts the environment.
3. \`aplomo plan\` says what will happen and how long requests will fail.

## A deploy

\`aplomo deploy\`. It ends with the new release, proven, or with the old one as it was. Exit code 3: read \`aplomo report\`, do what it says.

## After it

1. \`aplomo verify\` and the public address answer.
2. \`aplomo logs\` shows no error, and no start that repeats.
3. Look again after an hour and after a day: restarts, memory, disk.

## When something is wrong

1. \`aplomo status\`: which release, since when, how often restarted.
2. \`aplomo logs --tail 200\`: the first error, not the last.
3. \`aplomo rollback\`: the release before, in one command${postgres ? "; with `--with-data` also the data as it was then" : ""}.
4. A deploy that was interrupted: \`aplomo recover\`.
${postgres ? "5. Data is gone or wrong: `aplomo backup list`, `aplomo backup restore ID`. The data before it is kept.\n" : ""}
## Whom to call

1. ... (who deployed last: \`aplomo history\`)
2. ...
`;
}
