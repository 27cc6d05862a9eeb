import { spoken } from "../voices.ts";

export const unhandledException = spoken({
  id: "unhandled-exception",
  title: "it ended of an error that nothing caught",
  why: "An error in no try and a promise that nobody awaits end the program; supervisors start it again, and the line that tells why scrolls away.",
  next: "Correct what the line names; `aplomo logs` shows it whole.",
  weight: "guess",
  patterns: [
    /^(?:Uncaught )?((?:[A-Z]\w*)?(?:Error|Exception)\b(?: \[\w+\])?: .+)/,
    /\b(?:unhandledRejection|UnhandledPromiseRejection|uncaughtException)\b[^A-Za-z]*(.*)/,
    /^(panic: .+)/,
    /^(thread '.+' panicked at .+)/,
  ],
  tell: ([, said]) => ({ message: `it says: ${(said ?? "").slice(0, 160) || "an unhandled rejection"}` }),
});
