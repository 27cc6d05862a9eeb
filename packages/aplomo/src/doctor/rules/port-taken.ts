import { spoken } from "../voices.ts";

export const portTaken = spoken({
  id: "port-taken",
  title: "its port is taken",
  why: "Something else listens there: the version before, which still runs outside of its supervisor, another application, or a server on the machine itself.",
  next: "Find who has it, `ss -ltnp 'sport = :PORT'`, and stop that, or take another port.",
  patterns: [
    /EADDRINUSE.*?(?::::?|[\d.]+:|port:? )(\d+)/,
    /Bind for \S*?:(\d+) failed: port is already allocated/,
    /(?:0\.0\.0\.0|127\.0\.0\.1|\[::\]):(\d+): bind: address already in use/,
    /(?:Address|address) already in use.*?(\d{2,5})?/,
    /EADDRINUSE/,
  ],
  tell: ([, port]) => ({
    message: port ? `something else has port ${port}` : "something else has its port",
    ...(port ? { next: `Find who has it, \`ss -ltnp 'sport = :${port}'\`, and stop that, or take another port.` } : {}),
  }),
});
