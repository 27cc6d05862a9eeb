import { spoken } from "../voices.ts";

export const wrongArchitecture = spoken({
  id: "wrong-architecture",
  title: "the program is built for another processor, or its script has no first line",
  why: "An image built on an ARM laptop does not run on an x86 server, and the reverse. A script without `#!` fails with the same words.",
  next: "Build for the server: `docker build --platform linux/amd64` (or linux/arm64); of a script, begin it with #!/bin/sh.",
  patterns: [/exec format error/i, /cannot execute(?: binary file)?: (?:required file not found|Exec format error)/i],
  tell: (_match, { unit }) => ({
    message: "the kernel cannot execute it",
    ...(unit?.image ? { evidence: [`image ${unit.image.reference}`] } : {}),
  }),
});
