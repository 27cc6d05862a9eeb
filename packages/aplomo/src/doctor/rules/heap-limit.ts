import { spoken } from "../voices.ts";

export const heapLimit = spoken({
  id: "heap-limit",
  title: "Node's own heap is full",
  why: "Node ends itself (exit code 134) when its heap reaches a limit that it took from the machine, or from --max-old-space-size, also while the container has memory left.",
  next: "Find what grows; or set NODE_OPTIONS=--max-old-space-size to three quarters of the container's limit, in MiB.",
  patterns: [/JavaScript heap out of memory/, /Reached heap limit/, /MemoryError$/],
  tell: () => ({ message: "its heap has no room left" }),
});
