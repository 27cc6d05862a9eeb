import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { describe, it, type TestContext } from "node:test";
import { SMTPServer } from "smtp-server";
import { openChannel, tellAll } from "../../../src/agent/channels/index.ts";
import type { Message } from "../../../src/agent/message.ts";
import { Secret } from "../../../src/base/secret.ts";
import type { ChannelSettings } from "../../../src/config/schema.ts";

const message: Message = {
  version: 1,
  kind: "problem",
  app: "agenda",
  server: "s1",
  at: "2026-11-22T10:00:00.000Z",
  title: "agenda: web-1: no está bien <b> & @everyone",
  findings: [{ subject: "web-1", message: "it is stopped", next: "`aplomo logs` shows its last lines." }],
  since: "2026-11-22T09:58:00.000Z",
  incident: "i7",
};

interface Received {
  url: string | undefined;
  headers: Record<string, unknown>;
  body: string;
}

/** A real server that takes what is posted, and answers as it is told to. */
async function server(t: TestContext, status = 200): Promise<{ base: string; received: Received[] }> {
  const received: Received[] = [];
  const http = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ url: request.url, headers: request.headers, body });
      response.writeHead(status).end(status === 200 ? "ok" : "no such hook");
    });
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  t.after(() => http.close());
  return { base: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, received };
}

describe("what is posted", () => {
  const cases: [kind: string, channel: (base: string) => ChannelSettings, check: (received: Received) => void][] = [
    [
      "webhook",
      (base) => ({ kind: "webhook", url: new Secret(`${base}/hook?key=s3cret`) }),
      ({ url, body }) => {
        const sent = JSON.parse(body) as Message & { text: string };
        assert.equal(url, "/hook?key=s3cret");
        assert.deepEqual(
          [sent.version, sent.kind, sent.app, sent.incident, sent.findings],
          [1, "problem", "agenda", "i7", message.findings],
        );
        assert.match(sent.text, /- web-1: it is stopped\n {2}Next: `aplomo logs`.*\non s1, since 2026-11-22T09:58/);
      },
    ],
    [
      "slack",
      (base) => ({ kind: "slack", url: new Secret(`${base}/services/x`) }),
      ({ body }) =>
        assert.match((JSON.parse(body) as { text: string }).text, /^\*agenda: web-1: no está bien &lt;b&gt; &amp; @everyone\*\n/),
    ],
    [
      "discord",
      (base) => ({ kind: "discord", url: new Secret(`${base}/api`) }),
      ({ body }) => assert.deepEqual((JSON.parse(body) as { allowed_mentions: unknown }).allowed_mentions, { parse: [] }),
    ],
    [
      "telegram",
      (base) => ({ kind: "telegram", token: new Secret("12:ab"), chat: "-100", api: base }),
      ({ url, body }) => {
        assert.equal(url, "/bot12:ab/sendMessage");
        assert.equal((JSON.parse(body) as { chat_id: string }).chat_id, "-100");
      },
    ],
    [
      "ntfy",
      (base) => ({ kind: "ntfy", url: new Secret(`${base}/topic`), token: new Secret("tk_1") }),
      ({ headers, body }) => {
        assert.equal(headers["authorization"], "Bearer tk_1");
        assert.equal(headers["priority"], "high");
        const title = String(headers["title"]).replace(/^=\?UTF-8\?B\?(.*)\?=$/, "$1");
        assert.equal(Buffer.from(title, "base64").toString(), message.title);
        assert.match(body, /^- web-1: it is stopped/);
      },
    ],
  ];
  for (const [kind, channel, check] of cases)
    it(kind, async (t) => {
      const { base, received } = await server(t);
      assert.equal(await openChannel(channel(base)).send(message), null);
      assert.equal(received.length, 1);
      check(received[0] as Received);
    });
});

it("one that is down keeps nothing from the others, and no address is told", async (t) => {
  const up = await server(t);
  const refusing = await server(t, 404);
  const told = await tellAll(
    [
      { kind: "slack", url: new Secret("http://127.0.0.1:9/services/s3cret") },
      { kind: "discord", url: new Secret(`${refusing.base}/s3cret`) },
      { kind: "webhook", url: new Secret("http://not a url/s3cret") },
      { kind: "webhook", url: new Secret(`${up.base}/s3cret`) },
    ],
    message,
  );
  assert.deepEqual(
    [told[0]?.problem !== null, told[1]?.problem, told[2]?.problem !== null, told[3]?.problem],
    [true, "it answers 404: no such hook", true, null],
  );
  assert.equal(up.received.length, 1);
  assert.doesNotMatch(JSON.stringify(told), /s3cret/);
});

describe("mail", () => {
  async function smtp(
    t: TestContext,
    options: object = {},
  ): Promise<{ port: number; mails: { to: string[]; text: string; user: unknown }[] }> {
    const mails: { to: string[]; text: string; user: unknown }[] = [];
    const smtpServer = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      logger: false,
      onAuth: ({ username, password }, _session, done) => done(password === "p@ss" ? null : new Error("no"), { user: username }),
      onData(stream, session, done) {
        void text(stream).then((mail) => {
          mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: mail, user: session.user });
          done();
        });
      },
      ...options,
    });
    smtpServer.listen(0, "127.0.0.1");
    await once(smtpServer.server, "listening");
    t.after(() => new Promise<void>((resolve) => smtpServer.close(() => resolve())));
    return { port: (smtpServer.server.address() as AddressInfo).port, mails };
  }
  const mail = (server: string): ChannelSettings => ({
    kind: "email",
    server: new Secret(server),
    from: "Aplomo <a@example.com>",
    to: ["one@example.com", "two@example.com"],
  });

  it("arrives, with its words, at everybody, logged in", async (t) => {
    const { port, mails } = await smtp(t, { allowInsecureAuth: true });
    assert.equal(await openChannel(mail(`smtp://aplomo:p%40ss@127.0.0.1:${port}`)).send(message), null);
    const [got] = mails;
    assert.deepEqual([got?.to, got?.user], [["one@example.com", "two@example.com"], "aplomo"]);
    assert.match(got?.text ?? "", /References: <i7\.agenda@aplomo\.invalid>/);
    assert.match(got?.text ?? "", /web-1: it is stopped/);
  });

  it("a wrong password is told without it; a password is never said in the clear to a server elsewhere", async (t) => {
    const { port, mails } = await smtp(t, { allowInsecureAuth: true });
    const wrong = await openChannel(mail(`smtp://aplomo:hunter2@127.0.0.1:${port}`)).send(message);
    assert.match(String(wrong), /Invalid login|535/);
    assert.doesNotMatch(String(wrong), /hunter2/);
    // The same machine under a name that says nothing of it.
    const elsewhere = await openChannel(mail(`smtp://aplomo:p%40ss@127.0.0.2:${port}`)).send(message);
    assert.notEqual(elsewhere, null);
    assert.deepEqual(mails, []);
  });
});
