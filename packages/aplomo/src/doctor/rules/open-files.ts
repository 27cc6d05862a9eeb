import { spoken } from "../voices.ts";

export const openFiles = spoken({
  id: "open-files",
  title: "it may open no more files",
  why: "Connections and files that are never closed, or a limit that is too low for its load: new connections are refused while old ones go on.",
  next: "Look for what is not closed (`ls /proc/PID/fd | wc -l` grows); or raise the limit: ulimits in compose, LimitNOFILE in systemd.",
  alsoWell: true,
  patterns: [/EMFILE|ENFILE/, /[Tt]oo many open files/],
  tell: () => ({ message: "it has too many files open" }),
});
