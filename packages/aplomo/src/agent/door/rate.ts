/** How much one client may ask: so many at once, and so many a second after that. */
export interface Rate {
  burst: number;
  perSecond: number;
}

const most = 10_000;

/** One bucket a client; memory stays small however many come. */
export class Limiter {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** False: it asks too much. */
  take(client: string, now: number): boolean {
    const { burst, perSecond } = this.#rate;
    const before = this.#buckets.get(client) ?? { left: burst, at: now };
    const left = Math.min(burst, before.left + ((now - before.at) / 1_000) * perSecond);
    // Set anew: the oldest is the first of the map.
    this.#buckets.delete(client);
    this.#buckets.set(client, { left: left < 1 ? left : left - 1, at: now });
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > most && oldest !== undefined) this.#buckets.delete(oldest);
    return left >= 1;
  }
}
