import type { AppFacts } from "./facts.ts";

/** The health route: 200 with what was asked, 503 with the reason, within a limit, and a time. */
export function healthRoute(facts: AppFacts): { path: string; text: string } {
  if (facts.framework === "next") return { path: `app/api/health/route.${facts.typescript ? "ts" : "js"}`, text: nextRoute(facts) };
  return facts.framework === "python" ? { path: "health.py", text: pythonRoute } : { path: "health.js", text: nodeRoute };
}

function nextRoute(facts: AppFacts): string {
  const type = (text: string): string => (facts.typescript ? text : "");
  const ask = facts.prisma
    ? "await within(prisma.$queryRaw`SELECT 1`);"
    : '// Ask here what the application depends on: pool.query("SELECT 1").\n    await within(Promise.resolve());';
  return `${facts.prisma ? `import { prisma } from ${JSON.stringify("@/lib/prisma")};\n\n` : ""}export const dynamic = "force-dynamic";

const LIMIT_MS = 2_000;

export async function GET() {
  const timestamp = new Date().toISOString();
  try {
    ${ask}
    return Response.json({ status: "ok", database: "connected", timestamp });
  } catch (error) {
    return Response.json({ status: "error", database: error instanceof Error ? error.name : "unknown", timestamp }, { status: 503 });
  }
}

/** A database that hangs must not make this route hang. */
function within${type("<T>")}(work${type(": Promise<T>")})${type(": Promise<T>")} {
  return Promise.race([work, new Promise${type("<never>")}((_, reject) => setTimeout(() => reject(new Error("timeout")), LIMIT_MS))]);
}
`;
}

const nodeRoute = `// Health for node:http, Express and whatever hands over (request, response):
//   app.get("/healthz", health({ database: () => pool.query("SELECT 1") }));
const LIMIT_MS = 2_000;

export function health(checks = {}) {
  return async (_request, response) => {
    const entries = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await outcome(check)]));
    const healthy = entries.every(([, said]) => said === "connected");
    const body = { status: healthy ? "ok" : "error", ...Object.fromEntries(entries), timestamp: new Date().toISOString() };
    response.writeHead(healthy ? 200 : 503, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

/** A check that hangs counts as one that failed; its message may hold an address, so only its kind is told. */
async function outcome(check) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), LIMIT_MS);
  });
  try {
    await Promise.race([check(), limit]);
    return "connected";
  } catch (error) {
    return error.code ?? error.message.split(" ")[0] ?? "failed";
  } finally {
    clearTimeout(timer);
  }
}
`;

const pythonRoute = `"""Health for FastAPI: app.include_router(health.router). Replace \`ask\` by a question to the database."""

import asyncio
from datetime import datetime, timezone

from fastapi import APIRouter
from fastapi.responses import JSONResponse

router = APIRouter()
LIMIT_SECONDS = 2


async def ask() -> None:
    """await session.execute(text("SELECT 1"))"""


@router.get("/healthz")
async def health() -> JSONResponse:
    timestamp = datetime.now(timezone.utc).isoformat()
    try:
        await asyncio.wait_for(ask(), LIMIT_SECONDS)
    except Exception as error:
        return JSONResponse({"status": "error", "database": type(error).__name__, "timestamp": timestamp}, status_code=503)
    return JSONResponse({"status": "ok", "database": "connected", "timestamp": timestamp})
`;

/** What aplomo-boot does before the application starts. */
export function bootFile(facts: AppFacts): string {
  const made = {
    ...(facts.postgres ? { env: { require: { DATABASE_URL: { type: "url" } } }, database: { url: "DATABASE_URL", wait: "60s" } } : {}),
    ...(facts.prisma
      ? { migrate: { run: facts.applies === undefined ? ["prisma", "migrate", "deploy"] : ["node", facts.applies], time_limit: "10m" } }
      : {}),
  };
  return `${JSON.stringify(made, null, 2)}\n`;
}

/** PM2's file, each value with its reason. */
export function pm2File(facts: AppFacts): string {
  const script = facts.framework === "next" ? "node_modules/next/dist/bin/next" : (facts.start[1] ?? "server.js");
  return `module.exports = {
  apps: [
    {
      name: "${facts.name}",
      // The program itself: npm would stand between PM2 and the application.
      script: "${script}",${facts.framework === "next" ? '\n      args: "start",' : ""}
      // One process; two or more with exec_mode "cluster" are replaced one by one.
      instances: 1,
      exec_mode: "fork",
      autorestart: true,
      // Ten crashes within ten seconds each are no accident: stop and be noticed.
      max_restarts: 10,
      min_uptime: "10s",
      // A leak ends here, not with the database.
      max_memory_restart: "300M",
      // For developers; a deploy restarts by itself.
      watch: false,
      // More than the 8 s the application gives itself to finish its requests.
      kill_timeout: 10000,
      // How long it may take to listen.
      listen_timeout: 10000,
      error_file: "logs/error.log",
      out_file: "logs/out.log",
      // Times that sort, and one file for all processes.
      time: true,
      merge_logs: true,
      env: { NODE_ENV: "production", PORT: ${facts.port} },
    },
  ],
};
`;
}
