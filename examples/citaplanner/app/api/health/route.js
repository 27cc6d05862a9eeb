import { setTimeout as delay } from "node:timers/promises";
import { db } from "../../../lib/db.js";

export const dynamic = "force-dynamic";

/** 200 only while the database answers; in three seconds at most, and without a word that helps an intruder. */
export async function GET() {
  const timestamp = new Date().toISOString();
  const answered = new AbortController();
  const late = delay(3_000, undefined, { signal: answered.signal }).then(() => {
    throw new Error("no answer within 3 s");
  });
  try {
    await Promise.race([db().$queryRaw`SELECT 1`, late]);
    return Response.json({ status: "ok", database: "connected", timestamp });
  } catch (error) {
    return Response.json({ status: "unhealthy", database: error.code ?? "unreachable", timestamp }, { status: 503 });
  } finally {
    late.catch(() => {});
    answered.abort();
  }
}
