import assert from "node:assert/strict";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { get } from "../../../src/host/http.ts";

async function serving<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it("gives status and body, on a connection of its own", async () => {
  const answer = await serving(
    (request, response) => response.writeHead(503).end(`${request.url} ${request.headers.connection}`),
    (url) => get(`${url}/healthz?a=1`, 5_000),
  );
  assert.deepEqual([answer.status, answer.body, answer.problem], [503, "/healthz?a=1 close", null]);
});

it("says that nobody listens", async () => {
  const url = await serving(
    (_, response) => response.end(),
    async (address) => address,
  );
  const answer = await get(url, 5_000);
  assert.deepEqual([answer.status, answer.problem], [null, "ECONNREFUSED"]);
});

it("says that no answer came, whether before the head or in the body", async () => {
  const silent = await serving(
    () => {},
    (url) => get(url, 60),
  );
  assert.deepEqual([silent.status, silent.problem], [null, "no answer within 0.06 s"]);
  const half = await serving(
    (_, response) => void response.writeHead(200).write("half"),
    (url) => get(url, 150),
  );
  assert.deepEqual([half.status, half.problem], [null, "no answer within 0.15 s"]);
});

it("says that the connection broke off in the answer", async () => {
  const answer = await serving(
    (_, response) => response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy()),
    (url) => get(url, 5_000),
  );
  assert.equal(answer.status, null);
  assert.ok(answer.problem);
});

it("hears 64 KiB of an answer that never ends", async () => {
  const answer = await serving(
    (_, response) => {
      const more = (): void => {
        while (response.writable && response.write("x".repeat(10_000)));
      };
      response.on("drain", more);
      more();
    },
    (url) => get(url, 5_000),
  );
  assert.deepEqual([answer.status, answer.problem, answer.body.length], [200, null, 65_536]);
});

it("never throws, whatever the address", async () => {
  for (const url of ["", "no url", "http://", "http://[::1", "ftp://127.0.0.1/"]) {
    const answer = await get(url, 1_000);
    assert.equal(answer.status, null);
    assert.ok(answer.problem);
  }
});
