import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { test } from "node:test";
import { addDays, times } from "../slots.js";
import { booking, folder, freePort, get, here, prepare, serve, until } from "./support.js";

/**
 * @param {import("node:http").RequestOptions} options @param {string} url @param {unknown} [body]
 * @returns {Promise<{ status: number, closes: boolean, body: any }>}
 */
function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, headers: { "content-type": "application/json" } }, (response) => {
      const { statusCode: status = 0, headers } = response;
      json(response).then((body) => resolve({ status, closes: headers.connection === "close", body }), reject);
    });
    sent.once("timeout", () => sent.destroy(new Error("no answer within 10 s")));
    sent.once("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test("stopping under traffic, no request is lost, no booking confirmed that is not stored", async (t) => {
  const env = { DATABASE_FILE: join(folder(t), "agenda.db") };
  await prepare(here, env);
  // Long enough that a busy machine sees every client leave by itself.
  const server = await serve(t, here, { ...env, DRAIN_MS: "3000" });

  /** Books one free time after the other, and leaves once it was told `Connection: close` three times. @param {number} index */
  async function client(index) {
    const keepAlive = index % 2 === 0;
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    const confirmed = [];
    let told = 0;
    for (let step = 0; told < 3; step += 1) {
      const day = addDays("2030-01-01", index * 100 + Math.floor(step / times.length));
      const answer = await send(
        `${server.url}/api/appointments`,
        { method: "POST", agent },
        booking({ day, time: times[step % times.length] }),
      );
      assert.equal(answer.status, 201);
      confirmed.push(answer.body.id);
      // Clients without keep-alive ask for `close` themselves; health tells them.
      if (keepAlive ? answer.closes : (await send(`${server.url}/healthz`, { agent })).status === 503) told += 1;
    }
    agent.destroy();
    return confirmed;
  }

  // A request whose body is still on its way when the signal comes.
  const body = JSON.stringify(booking({ day: "2029-12-31" }));
  const slow = connect(Number(new URL(server.url).port), "127.0.0.1");
  let answer = "";
  slow.on("data", (chunk) => (answer += chunk));
  slow.write(
    `POST /api/appointments HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
  );
  // And a connection on which nothing is asked any more.
  const idle = new Agent({ keepAlive: true });
  await send(`${server.url}/healthz`, { agent: idle });

  const clients = Array.from({ length: 8 }, (_, index) => client(index));
  await until("bookings come in", async () => (await get(server.url, "/api/appointments?limit=50")).body.appointments.length >= 30);
  server.child.kill("SIGTERM");
  server.child.kill("SIGINT");
  const confirmed = (await Promise.all(clients)).flat();
  slow.write(body.slice(20));
  await until("the slow request is answered", () => answer.includes("\r\n\r\n{"));
  assert.match(answer, /^HTTP\/1\.1 201 /);
  assert.match(answer, /\r\nconnection: close\r\n/i);
  assert.deepEqual(await server.exit, { code: 0, signal: null });
  assert.match(server.output(), /stopping: SIG(TERM|INT), /);
  assert.match(server.output(), /stopped after/);
  idle.destroy();

  const next = await serve(t, here, env);
  for (const id of confirmed) assert.equal((await get(next.url, `/api/appointments/${id}`)).status, 200);
  assert.equal((await get(next.url, "/api/appointments?day=2029-12-31")).body.appointments.length, 1);
});

/** A small server on graceful.js with limits of a test's own. @param {import("node:test").TestContext} t @param {string} options @param {string} [then] */
async function small(t, options, then = "") {
  const code = `
    import { createServer } from "node:http";
    import { stopGracefully } from "./graceful.js";
    const server = createServer((request, response) => { if (request.url === "/throw") setTimeout(() => { throw new Error("planned") }); else if (request.url !== "/never") response.end("ok"); });
    stopGracefully(server, ${options});
    server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
    ${then}`;
  return launch(t, code);
}

/** @param {import("node:test").TestContext} t @param {string} code that says `port N` once it listens */
async function launch(t, code) {
  const file = join(folder(t), "server.mjs");
  writeFileSync(file, code.replaceAll("./graceful.js", join(here, "graceful.js")));
  const child = spawn(process.execPath, [file]);
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const exit = new Promise((resolve) => void child.once("close", resolve));
  await until("it listens", () => output.includes("port "));
  return { child, url: `http://127.0.0.1:${/port (\d+)/.exec(output)?.[1]}`, exit, output: () => output };
}

/** A primary with two workers on graceful.js, one of which is always being replaced. @param {import("node:test").TestContext} t */
async function clustered(t) {
  const code = `
    import cluster from "node:cluster";
    import { createServer } from "node:http";
    import { stopGracefully } from "./graceful.js";
    if (cluster.isWorker) {
      const server = createServer((request, response) => response.end("{}"));
      stopGracefully(server, { drain: 20, deadline: 5_000, log: () => {} });
      server.listen(${await freePort()}, "127.0.0.1", () => process.send("port " + server.address().port));
    } else {
      const start = (then) => cluster.fork().once("message", then);
      const replace = () => {
        const [old] = Object.values(cluster.workers);
        start(() => {
          console.log("replaced");
          old.once("exit", replace);
          old.process.kill("SIGTERM");
        });
      };
      start(() => start((port) => { console.log(port); replace(); }));
    }`;
  const { url, output } = await launch(t, code);
  return { url, replaced: () => output().split("replaced").length - 1 };
}

test("a request that is never answered cannot keep the process for ever: exit code 1 after the deadline", async (t) => {
  const { child, url, exit, output } = await small(t, "{ drain: 10, deadline: 300 }");
  const never = fetch(`${url}/never`).then(
    () => "answered",
    () => "cut",
  );
  // Answered after the other one was accepted.
  await fetch(url);
  child.kill("SIGTERM");
  assert.equal(await exit, 1);
  assert.equal(await never, "cut");
  assert.match(output(), /stopped late: 1 requests were not answered/);
});

test("a connection on which nothing was ever asked, as browsers open them beforehand, does not hold the process up", async (t) => {
  const { child, url, exit } = await small(t, "{ drain: 100, deadline: 5_000 }");
  const silent = connect(Number(new URL(url).port), "127.0.0.1");
  silent.on("error", () => {});
  t.after(() => silent.destroy());
  await fetch(url);
  child.kill("SIGTERM");
  assert.equal(await exit, 0);
});

test("in a cluster, the primary hands a connection that came too late for one worker to the next", async (t) => {
  // Each worker stops in turn and is replaced, as on a reload by PM2, while requests come on new connections.
  const server = await clustered(t);
  let answered = 0;
  const stop = new AbortController();
  const clients = Array.from({ length: 8 }, async () => {
    while (!stop.signal.aborted) {
      const { status } = await send(server.url, { agent: false, timeout: 10_000 });
      assert.equal(status, 200);
      answered += 1;
    }
  });
  await until("workers were replaced and requests answered", () => server.replaced() >= 12 && answered > 500);
  stop.abort();
  await Promise.all(clients);
});

test("an error nobody caught is logged with its stack, and ends the process with 1", async (t) => {
  const { url, exit, output } = await small(t, "{ drain: 10, deadline: 300 }");
  await fetch(`${url}/throw`).catch(() => {});
  assert.equal(await exit, 1);
  assert.match(output(), /uncaughtException: Error: planned\n\s+at /);
});
