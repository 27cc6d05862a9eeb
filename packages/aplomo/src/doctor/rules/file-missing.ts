import { spoken } from "../voices.ts";

export const fileMissing = spoken({
  id: "file-missing",
  title: "a file the program needs is not there",
  why: "The build did not make it, .dockerignore or target.exclude leaves it out, or the path is relative to another folder than the one it runs in.",
  next: "Look inside for the path that the line names; correct the build, the copy or the path.",
  patterns: [
    /Cannot find module '((?:\.{0,2}\/|[A-Z]:)[^']+)'/,
    /can't open file '([^']+)'/,
    /ENOENT: no such file or directory, \w+ '([^']+)'/,
    /FileNotFoundError: .*'([^']+)'/,
    /(?:cannot|can't) (?:open|access|stat) '?([\w./-]+)'?: No such file/i,
    /error mounting "([^"]+)" .*(?:not a directory|no such file)/,
  ],
  tell: ([, path]) => ({ message: `it does not find ${path}` }),
});
