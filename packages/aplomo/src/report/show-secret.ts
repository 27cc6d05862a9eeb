import type { Secret } from "../base/secret.ts";

/** Shows a person something secret, once: on standard output, never as an event. */
export function showSecret(text: Secret): void {
  process.stdout.write(`${text.reveal()}\n`);
}
