// The WhatsApp sessions: who is connected, kept in the database so that a restart finds them again. Here a session is a row and a
// heartbeat; in a hub of your own it is a client that holds a socket.

/** @typedef {{ phone: string, state: "connected" | "waiting", seen: number }} Session */

export class SessionManager {
  /** @type {Map<string, Session>} */
  #sessions = new Map();
  #pool;
  #timer;

  /** @param {import("mysql2/promise").Pool} pool */
  constructor(pool) {
    this.#pool = pool;
    this.#timer = setInterval(() => this.#beat(), 10_000).unref();
  }

  /** Takes up what the process before has left. */
  async restore() {
    const [rows] = await this.#pool.query("SELECT phone, state FROM sessions");
    for (const { phone, state } of /** @type {Session[]} */ (rows)) this.#sessions.set(phone, { phone, state, seen: Date.now() });
    return this.#sessions.size;
  }

  /** @param {string} phone */
  async connect(phone) {
    await this.#pool.query("INSERT INTO sessions (phone, state) VALUES (?, 'connected') ON DUPLICATE KEY UPDATE state = 'connected'", [
      phone,
    ]);
    this.#sessions.set(phone, { phone, state: "connected", seen: Date.now() });
  }

  /** For `/status`: a session that waits for its telephone makes the hub degraded, not unhealthy. */
  check() {
    const waiting = [...this.#sessions.values()].filter(({ state }) => state === "waiting");
    return waiting.length > 0 ? { degraded: `${waiting.length} of ${this.#sessions.size} sessions wait for their telephone` } : undefined;
  }

  get size() {
    return this.#sessions.size;
  }

  close() {
    clearInterval(this.#timer);
  }

  #beat() {
    for (const session of this.#sessions.values()) if (session.state === "connected") session.seen = Date.now();
  }
}
