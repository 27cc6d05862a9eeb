// Preloaded: writes this process's own CPU microseconds when it ends; programs it called are not in it.
const { appendFileSync } = require("node:fs");
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  appendFileSync(process.env.BENCH_CPU, `${user + system}\n`);
});
