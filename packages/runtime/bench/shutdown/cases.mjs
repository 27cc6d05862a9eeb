// The seven ways a process ends, each with what the strict client must see. The source of the list: what users of the rivals reported.
import { Agent } from "node:http";
import { delay } from "../prepare.mjs";
import { get, openWebSocket } from "./client.mjs";

/** Milliseconds every library is given. */
export const limit = 5_000;

/** title, act (kill sends the signal; resolves to what was seen) and passed (seen, { ms, code, signal }); `ms` counts from the signal to the exit. */
export const cases = [
  {
    title: "idle keep-alive",
    async act(port, kill) {
      const agent = new Agent({ keepAlive: true });
      await get(port, "/", { agent });
      kill();
      return { done: () => agent.destroy(), text: "" };
    },
    passed: (_, { ms }) => ms < 2_000,
  },
  {
    title: "in flight 800 ms",
    async act(port, kill) {
      const agent = new Agent({ keepAlive: true });
      const answer = get(port, "/slow", { agent });
      await delay(100);
      kill();
      const { lost, close } = await answer;
      return { ok: !lost, done: () => agent.destroy(), text: lost ? "lost" : `ok, ${close ? "close" : "keep-alive"}` };
    },
    passed: ({ ok }, { ms }) => ok && ms < 3_000,
  },
  {
    title: "WebSocket",
    async act(port, kill) {
      const { closed } = await openWebSocket(port);
      kill();
      const code = await Promise.race([closed, delay(12_000).then(() => "open")]);
      return { ok: code === 1001, text: String(code) };
    },
    passed: ({ ok }, { ms }) => ok && ms < 3_000,
  },
  {
    title: "2nd signal +100 ms",
    async act(port, kill) {
      const answer = get(port, "/slow");
      await delay(100);
      kill();
      await delay(100);
      kill("SIGINT");
      const { lost } = await answer;
      return { ok: !lost, text: lost ? "lost" : "ok" };
    },
    passed: ({ ok }, { ms }) => ok && ms < 3_000,
  },
  {
    title: "hung request",
    async act(port, kill) {
      void get(port, "/hang");
      await delay(100);
      kill();
      return { text: "" };
    },
    // Not at once: that would cut a request which is merely slow.
    passed: (_, { ms }) => ms > 900 && ms < limit + 1_000,
  },
  {
    title: "uncaught error",
    async act(port, kill) {
      const agent = new Agent({ keepAlive: true });
      const answer = get(port, "/slow", { agent });
      await delay(50);
      await get(port, "/throw", { agent });
      kill(0); // no signal: the clock starts
      const { lost } = await answer;
      return { ok: !lost, done: () => agent.destroy(), text: lost ? "lost" : "ok" };
    },
    passed: ({ ok }, { ms, code }) => ok && code === 1 && ms < 3_000,
  },
  {
    title: "new connection",
    async act(port, kill) {
      const slow = get(port, "/slow");
      await delay(50);
      kill();
      await delay(100);
      const { lost } = await get(port, "/");
      await slow;
      return { ok: !lost, text: lost ?? "ok" };
    },
    passed: ({ ok }) => ok,
  },
];
