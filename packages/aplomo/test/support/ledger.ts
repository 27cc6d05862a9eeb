import { docker } from "./compose.ts";

/** Of the fixture `ledger`: how its service and its database stand in a compose file. */
export const ledgerClient = { PGHOST: "db", PGUSER: "ledger", PGDATABASE: "ledger", PGPASSWORD: "a-ledger_password-52d1" };

const image = `${process.env["APLOMO_LAB_REGISTRY"]}/aplomo-test/ledger-db:15`;

export const ledgerDatabase = {
  image,
  environment: { POSTGRES_USER: "ledger", POSTGRES_PASSWORD: ledgerClient.PGPASSWORD },
  volumes: ["data:/var/lib/postgresql/data"],
  restart: "unless-stopped",
  healthcheck: { test: ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "ledger"], interval: "1s", retries: 60 },
};

/** Where a server fetches it. */
export async function pushLedgerDatabase(): Promise<void> {
  await docker("tag", "aplomo-lab/postgres", image);
  await docker("push", "--quiet", image);
  await docker("rmi", image).catch(() => "");
}
