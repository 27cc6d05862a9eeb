import type { Message } from "../message.ts";

/** One way to tell people. */
export interface Channel {
  /** What reports call it; nothing secret. */
  title: string;
  /** Why it was not taken, or null. Never throws. */
  send(message: Message): Promise<string | null>;
}

/** Milliseconds a service may take. */
export const patience = 15_000;
