import type { Observed } from "../../../src/doctor/observed.ts";
import { address, database, edge, front, now, observed, saying, unit } from "./seen.ts";

const hour = 3_600_000;
const program = {
  folder: "/srv/app",
  folderExists: true,
  script: "/srv/app/server.js",
  scriptExists: true,
  node: "20.20.2",
  wanted: ">=20",
  givenUp: false,
};
const breach = (rule: string): Partial<Observed> => ({
  environment: [{ variable: "SECRET_KEY", origin: ".env:3", rule, message: "is empty", hint: "Write 32 characters or more" }],
});
const backup = (more: object): Partial<Observed> => ({
  backups: {
    databases: [{ database: "agenda", id: "b1", age: "1 h", proven: { id: "b1", age: "1 h" }, late: null, kept: [], ...more }],
    stores: [],
  },
});
const deployments = (more: Partial<NonNullable<Observed["deployments"]>>): Partial<Observed> => ({
  deployments: { running: null, unfinished: null, deadOwner: null, newest: null, incomplete: null, ...more },
});
const at = (more: Partial<typeof address>): Partial<Observed> => ({ front: front({ edge, public: [{ ...address, ...more }] }) });
const disk = (bytes: number, files: number): Partial<Observed> => ({
  disks: [{ path: "/", holds: "backups", bytes: { free: bytes, total: 80e9 }, inodes: { free: files, total: 2e6 } }],
});

/** By rule: what makes it speak, alone or with others that are named. Words are those of real programs. */
export const cases: Record<string, [seen: Partial<Observed>, says: RegExp][]> = {
  "exit-zero-loop": [
    [saying("Ready\nComplete", { exitCode: 0 }), /exit code 0, and was begun anew 4 times/],
    [{ units: [unit({ restarts: 9, exitCode: 0, startedAt: new Date(now - 1_000).toISOString() })] }, /begun anew 9 times/],
  ],
  "one-shot-command": [[saying("done", { exitCode: 0, command: ["npx", "prisma", "migrate", "deploy"] }), /ends by nature/]],
  "command-missing": [
    [
      saying("", { state: "failed", error: 'runc create failed: exec: "nonesuch": executable file not found in $PATH: unknown' }),
      /there is no nonesuch/,
    ],
    [saying("sh: 1: gunicorn: not found", { exitCode: 127 }), /there is no gunicorn/],
  ],
  "not-executable": [
    [
      saying("", { state: "failed", error: 'unable to start container process: exec: "/start.sh": permission denied: unknown' }),
      /start\.sh is not executable/,
    ],
    [saying("sh: 1: ./start.sh: Permission denied", { exitCode: 126 }), /start\.sh is not executable/],
  ],
  "image-missing": [
    [
      saying("", { state: "failed", exitCode: null, error: "No such image: reg.example:5000/crm@sha256:1f2e" }),
      /reg\.example:5000\/crm@sha256:1f2e is not/,
    ],
    [
      saying("", { error: "Error response from daemon: manifest for reg.example/crm:9 not found: manifest unknown" }),
      /reg\.example\/crm:9 is not/,
    ],
  ],
  "no-node": [
    [
      saying("", {
        state: "starting",
        restarts: 0,
        exitCode: null,
        error: "no suitable node (scheduling constraints not satisfied on 2 nodes)",
      }),
      /no node for it: scheduling constraints not satisfied on 2 nodes/,
    ],
  ],
  "wrong-architecture": [[saying("exec /usr/local/bin/app: exec format error"), /cannot execute it/]],
  "line-ends": [[saying("/usr/bin/env: 'sh\\r': No such file or directory", { exitCode: 127 }), /carriage return/]],
  "module-missing": [
    [saying("Error: Cannot find module 'express'\nRequire stack:"), /package express/],
    [saying("Error [ERR_MODULE_NOT_FOUND]: Cannot find package '@scope/thing' imported from /app/server.mjs"), /package @scope\/thing/],
    [saying("ModuleNotFoundError: No module named 'fastapi'"), /package fastapi/],
  ],
  "file-missing": [
    [saying("Error: Cannot find module '/app/server.js'"), /\/app\/server\.js/],
    [saying("Error: ENOENT: no such file or directory, open '/app/config.json'"), /config\.json/],
  ],
  "module-kind": [[saying("SyntaxError: Cannot use import statement outside a module"), /another kind of module/]],
  "native-module": [[saying("was compiled against a different Node.js version using\nNODE_MODULE_VERSION 115."), /compiled package/]],
  "out-of-memory": [[saying("", { exitCode: 137, outOfMemory: true, memory: { used: 30 << 20, limit: 64 << 20 } }), /out of memory/]],
  "heap-limit": [
    [saying("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", { exitCode: 134 }), /no room left/],
  ],
  "memory-near": [[{ units: [unit({ memory: { used: 280 << 20, limit: 300 << 20 } })] }, /93 % of its limit/]],
  killed: [[saying("", { exitCode: 137 }), /exit code 137/]],
  "native-crash": [[saying("", { exitCode: 139 }), /SIGSEGV/]],
  "port-taken": [
    [saying("Error: listen EADDRINUSE: address already in use :::3000"), /has port 3000/],
    [saying("", { error: "driver failed: Bind for 127.0.0.1:8080 failed: port is already allocated", state: "failed" }), /has port 8080/],
  ],
  "pm2-given-up": [[saying("crash", { state: "failed", restarts: 15, program: { ...program, givenUp: true } }), /not started any more/]],
  "folder-gone": [[{ units: [unit({ program: { ...program, folderExists: false, scriptExists: false } })] }, /\/srv\/app does not exist/]],
  "script-gone": [[{ units: [unit({ program: { ...program, scriptExists: false } })] }, /server\.js does not exist/]],
  "node-version": [[{ units: [unit({ program: { ...program, wanted: "^22.5.0 || >=24" } })] }, /asks for \^22/]],
  "unhandled-exception": [
    [
      saying("/app/a.js:3\nTypeError: Cannot read properties of undefined (reading 'id')\n    at Object.<anonymous> (/app/a.js:3:1)"),
      /TypeError: Cannot read/,
    ],
    [saying("UnhandledPromiseRejection: This error originated either by throwing inside of an async function"), /This error originated/],
  ],
  "restart-loop": [[saying("going down"), /exit code 1, and was begun anew 4 times/]],
  stopped: [[{ units: [unit({ state: "stopped", startedAt: null, exitCode: 143 })] }, /stays down/]],
  "unit-missing": [[{ units: [unit()], front: front({ services: ["web", "worker"] }) }, /r2 should run it/]],
  "secret-missing": [
    [breach("present"), /^is empty/],
    [saying("Error: SESSION_SECRET is required in production"), /lacks SESSION_SECRET/],
    [saying("KeyError: 'DATABASE_URL'"), /lacks DATABASE_URL/],
  ],
  "secret-short": [
    [breach("min_length"), /^is empty/],
    [saying("ValueError: JWT_SECRET_KEY must be at least 32 characters"), /JWT_SECRET_KEY is too short/],
  ],
  "list-format": [
    [breach("list"), /^is empty/],
    [saying('pydantic_settings.sources.SettingsError: error parsing value for field "ALLOWED_HOSTS" from source'), /ALLOWED_HOSTS/],
  ],
  "variable-wrong": [[breach("forbid"), /^is empty/]],
  "environment-differs": [[{ units: [unit({ variables: { other: ["A"], empty: ["B"], missing: ["C"] } })] }, /by now/]],
  "image-old": [
    [{ units: [unit({ image: { reference: "web:latest", running: "sha256:aa", named: "sha256:bb" } })] }, /not run what is meant/],
    [{ units: [unit({ differences: ["image aa runs, bb is meant (web:latest)"] })] }, /not run what is meant/],
  ],
  "listens-localhost": [[{ units: [unit({ port: 3000, listening: [{ port: 3000, loopback: true }] })] }, /nowhere else/]],
  "listens-elsewhere": [
    [{ units: [unit({ port: 3000, listening: [{ port: 8080, loopback: false }] })] }, /nothing inside listens on port 3000/],
  ],
  "listens-nowhere": [[{ units: [unit({ port: 3000, listening: [] })] }, /has run for 30 s/]],
  "edge-network": [
    [
      { units: [unit({ networks: ["agenda_default"] })], front: front({ doors: [{ name: "traefik", networks: ["proxy"] }] }) },
      /share no network/,
    ],
  ],
  "edge-down": [
    [{ front: front({ edge: { ...edge, running: false, upstreams: null } }) }, /does not run/],
    [
      {
        front: front({
          edge: {
            ...edge,
            refusals: [
              { message: "port 80 is taken by nginx", hint: "Stop it, or give the app another port in aplomo.yml (target.port)." },
            ],
          },
        }),
      },
      /port 80 is taken/,
    ],
  ],
  "edge-elsewhere": [[{ front: front({ edge: { ...edge, upstreams: ["127.0.0.1:20009"] } }) }, /elsewhere/]],
  "edge-holding": [[{ front: front({ edge: { ...edge, holding: true } }) }, /lets every request wait/]],
  "host-refused": [[at({ status: 400, said: "Invalid HTTP_HOST header: 'example.com'" }), /it answers 400/]],
  "public-silent": [[at({ status: null, problem: "ECONNREFUSED", certificateDays: null, clockAheadMs: null }), /ECONNREFUSED/]],
  "name-unknown": [
    [saying("Error: getaddrinfo ENOTFOUND db"), /knows the host db/],
    [saying('could not translate host name "postgres" to address: Name or service not known'), /knows the host postgres/],
    [at({ status: null, problem: "ENOTFOUND", certificateDays: null, clockAheadMs: null }), /ENOTFOUND/],
  ],
  certificate: [
    [at({ certificateDays: 5 }), /runs out in 5 days/],
    [at({ certificateDays: null, status: null, problem: "CERT_HAS_EXPIRED" }), /CERT_HAS_EXPIRED/],
  ],
  "bad-gateway": [
    [
      { ...at({ status: 502 }), units: [unit({ answer: { path: "/", status: 200, problem: null, said: "" } })] },
      /answers when asked directly/,
    ],
    [{ ...at({ status: 502 }), ...saying("going down") }, /does not run well/],
  ],
  "public-error": [[at({ status: 404 }), /it answers 404/]],
  "healthcheck-tool": [
    [
      { units: [unit({ health: "unhealthy", healthOutput: 'OCI runtime exec failed: exec: "curl": executable file not found in $PATH' })] },
      /cannot even be run/,
    ],
    [{ units: [unit({ health: "starting", healthOutput: "/bin/sh: 1: wget: not found" })] }, /cannot even be run/],
  ],
  unhealthy: [
    [{ units: [unit({ health: "unhealthy", healthOutput: "503" })] }, /health check fails/],
    [saying("listening", { exitCode: 137, error: "task: non-zero exit (137): dockerexec: unhealthy container" }), /the swarm ended it/],
    [{ units: [unit({ answer: { path: "/health", status: 503, problem: null, said: "no queue" } })] }, /answers 503/],
  ],
  "database-unreachable": [
    [saying("Error: connect ECONNREFUSED 172.18.0.2:5432"), /5432/],
    [saying("ERROR 2002 (HY000): Can't connect to MySQL server on 'db' (115)"), /does not answer/],
    [saying("pymongo.errors.ServerSelectionTimeoutError: mongodb:27017: [Errno 111] Connection refused"), /does not answer/],
    [{ databases: [database({ problem: "could not ask database main: connect ECONNREFUSED 127.0.0.1:27999", counts: null })] }, /27999/],
    [
      { databases: [database({ problem: "no container of service db in compose project agenda is running", counts: null })] },
      /does not answer/,
    ],
  ],
  "database-password": [
    [saying('error: password authentication failed for user "app"'), /not let app in/],
    [saying("Access denied for user 'app'@'172.18.0.3' (using password: YES)"), /not let app in/],
  ],
  "database-absent": [
    [saying('FATAL:  database "agenda" does not exist'), /no database agenda/],
    [saying("Unknown database 'agenda'"), /no database agenda/],
  ],
  "database-connections": [[{ units: [unit({ log: "FATAL: sorry, too many clients already" })] }, /no connection left/]],
  "database-locked": [[saying("SqliteError: database is locked"), /waits for a lock/]],
  "schema-behind": [
    [{ units: [unit({ log: 'error: column "priority" does not exist' })] }, /has no priority/],
    [saying("Table 'agenda.visits' doesn't exist"), /has no agenda\.visits/],
    [saying("SqliteError: no such table: visits"), /has no visits/],
  ],
  "migration-half": [
    [
      {
        databases: [
          database({ halfMigrated: [{ name: "0007_add", tool: "prisma", repair: "put the schema right, and tell the tool so" }] }),
        ],
      },
      /begun and not ended/,
    ],
    [saying("Error: P3009\n\nmigrate found failed migrations in the target database"), /refuses to go on/],
  ],
  "rows-missing": [
    [
      {
        databases: [
          database({
            counts: { monthly_kpis: 206 },
            backup: { id: "b1", counts: { monthly_kpis: 7_320 }, createdAt: "2026-11-22T02:00:00.000Z" },
          }),
        ],
      },
      /lost most rows of 1 table/,
    ],
  ],
  "invariant-broken": [[{ databases: [database({ broken: ["instituciones: 0, exactly 54 expected"] })] }, /exactly 54/]],
  "disk-full": [
    [disk(1e9, 1e6), /1\.0 GB of 80 GB are free/],
    [{ units: [unit({ log: "Error: ENOSPC: no space left on device, write" })] }, /no room to write/],
  ],
  "inodes-full": [[disk(40e9, 12), /12 of 2000000 files/]],
  "volume-permission": [
    [
      saying("Error: EACCES: permission denied, open '/data/uploads/a'", {
        user: "1001",
        mounts: [{ kind: "volume", name: "data", target: "/data", anonymous: false }],
      }),
      /may not use \/data\/uploads\/a/,
    ],
  ],
  "read-only": [[saying("Error: EROFS: read-only file system, open '/app/cache'"), /cannot write \/app\/cache/]],
  "open-files": [[{ units: [unit({ log: "Error: accept EMFILE" })] }, /too many files open/]],
  "volume-anonymous": [
    [
      {
        units: [
          unit(),
          unit({
            name: "db",
            data: true,
            release: null,
            mounts: [{ kind: "volume", name: "ab".repeat(32), target: "/var/lib/postgresql/data", anonymous: true }],
          }),
        ],
      },
      /anonymous volume/,
    ],
    [{ units: [unit(), unit({ name: "db", data: true, release: null })] }, /in the container itself/],
  ],
  clock: [
    [deployments({ newest: now + hour }), /in the future/],
    [{ ...at({ clockAheadMs: -hour }) }, /has another time/],
  ],
  "deployment-unfinished": [[deployments({ unfinished: { id: "d4", outcome: "interrupted", step: "change.migrate" } }), /was interrupted/]],
  "lock-dead": [
    [deployments({ deadOwner: { operation: "backup run", pid: 7, since: "2026-11-22T02:30:00.000Z" } }), /died during backup run/],
  ],
  "release-incomplete": [
    [
      deployments({ incomplete: { message: "its image app:1 is no longer in the registry", hint: "Fetch it again: docker pull app:1." } }),
      /no longer in the registry/,
    ],
  ],
  "deploy-refused": [
    [
      {
        front: front({ edge, refusals: [{ message: "PM2 is not installed", hint: "Run `pm2 startup` and the command it prints, once." }] }),
      },
      /not installed/,
    ],
  ],
  "backup-missing": [[backup({ id: null, proven: null }), /no backup of it/]],
  "backup-old": [[backup({ late: "the newest proven backup is 3 days old, and at least every 26h one is expected" }), /3 days old/]],
  "backup-unproven": [
    [backup({ proven: null }), /none of its backups is proven/],
    [backup({ late: "the proof of the newest backup failed: visits: 3, not 4" }), /3, not 4/],
  ],
  "copy-behind": [
    [
      {
        backups: { databases: [], stores: [{ store: "s3", completeAt: null, failure: { message: "access denied", since: "2026-11-20" } }] },
      },
      /access denied/,
    ],
  ],
};

export const sound: Observed = observed();
