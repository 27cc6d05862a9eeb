import type { AppFacts } from "./facts.ts";

/** Services that wait for each other, keep their data, come back after a reboot, and cannot fill disk or memory. */
export function compose(facts: AppFacts): string {
  const { name, port, postgres } = facts;
  const database = postgres
    ? `
  db:
    image: \${POSTGRES_IMAGE:-postgres:17-bookworm}
    environment:
      POSTGRES_DB: ${name}
      POSTGRES_USER: ${name}
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set it in .env}
    volumes:
      - data:/var/lib/postgresql/data
    healthcheck:
      # Over TCP: while the image prepares a new database, its server listens on a socket only.
      test: [CMD, pg_isready, -h, 127.0.0.1, -U, ${name}, -d, ${name}]
      interval: 5s
      timeout: 3s
      retries: 12
      start_period: 30s
    restart: unless-stopped
    stop_grace_period: 60s
    mem_limit: 512m
    shm_size: 128m
    logging: *logging
`
    : "";
  const depends = postgres ? `    depends_on:\n      db:\n        condition: service_healthy\n` : "";
  const environment = postgres
    ? `      # Letters and digits: another character would have to be percent-encoded here.\n      DATABASE_URL: postgres://${name}:\${POSTGRES_PASSWORD:?set it in .env}@db:5432/${name}\n`
    : "";
  return `services:
  web:
    image: \${IMAGE:-${name}:local}
    build: .
    environment:
      PORT: ${port}
${environment}${depends}    # This machine only: a reverse proxy with HTTPS stands in front.
    ports:
      - "127.0.0.1:\${PUBLISHED_PORT:-${port}}:${port}"
    restart: unless-stopped
    # More than the 8 s the application gives itself to finish its requests.
    stop_grace_period: 10s
    mem_limit: 512m
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    logging: &logging
      driver: json-file
      options:
        max-size: 10m
        max-file: "3"
${database}${postgres ? "\nvolumes:\n  data:\n" : ""}`;
}

/** What has to be set: for compose, or for a process that reaches its database by itself. */
export function envExample(facts: AppFacts, inContainers: boolean): string {
  const database = inContainers
    ? "# Letters and digits, 24 of them: openssl rand -hex 16\nPOSTGRES_PASSWORD=\n"
    : "# postgres://user:password@host:5432/database\nDATABASE_URL=\n";
  const port = `# The port on this machine; a reverse proxy stands in front.\nPUBLISHED_PORT=${facts.port}\n`;
  return `# Copy to .env (mode 600) and fill in. Nothing here is a secret.\n${facts.postgres ? database : ""}${inContainers ? port : ""}`;
}
