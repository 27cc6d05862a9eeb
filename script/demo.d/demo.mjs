// Deploys the agenda four times while visitors book appointments, and shows what became of each release and of their bookings.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { assemble } from "../../examples/agenda/assemble.mjs";
import { countBooked, sendVisitors } from "./visitors.mjs";

const keep = process.argv.includes("--keep");
const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "aplomo-demo-"));
const agenda = join(folder, "agenda");
const env = {
  ...process.env,
  APLOMO_HOME: join(folder, "aplomo"),
  PM2_HOME: join(folder, "pm2"),
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
};

const acts = [
  { version: "v1", expect: "deployed", say: "Version 1: the first release. Nothing runs yet." },
  { version: "v2", expect: "deployed", say: "Version 2: reminders, with a migration, while visitors book appointments." },
  { version: "exit-zero", expect: "undone", say: "A release that is healthy, and ends itself with exit code 0 after a few seconds." },
  { version: "lossy", expect: "refused", say: "A release whose migration loses appointments: found out on a copy of the data." },
];

const port = await freePort();
let code = 1;
try {
  code = await play();
} finally {
  if (code !== 0 || !keep) await end();
}
process.exitCode = code;

async function play() {
  const results = [];
  const booked = new Set();
  for (const act of acts) {
    title(act.say);
    assemble(act.version, agenda);
    settle();
    const visitors = results.length > 0 ? sendVisitors({ port, perSecond: 20 }) : undefined;
    const finished = await deploy();
    const tally = await visitors?.stop();
    for (const id of tally?.booked ?? []) booked.add(id);
    const { kept } = await countBooked(port, booked);
    results.push({ act, finished, tally, lost: booked.size - kept });
  }
  return summary(results, booked.size);
}

/** The port is this demo's own, and the watch is short: what is shown is what happens, not how long one should look. */
function settle() {
  const file = join(agenda, "aplomo.yml");
  const text = readFileSync(file, "utf8")
    .replaceAll("3000", String(port))
    .replace(/watch: \w+/, "watch: 10s");
  writeFileSync(file, text);
  writeFileSync(join(agenda, ".env"), `DATABASE_FILE=${join(folder, "agenda.db")}\n`, { mode: 0o600 });
}

/** Runs `aplomo deploy` as one would type it; its last journal line says how it ended. */
async function deploy() {
  const aplomo = spawn(process.execPath, [join(root, "packages/aplomo/dist/aplomo.js"), "deploy"], { cwd: agenda, env, stdio: "inherit" });
  await once(aplomo, "exit");
  const history = spawn(process.execPath, [join(root, "packages/aplomo/dist/aplomo.js"), "history", "--limit", "1", "--json"], {
    cwd: agenda,
    env,
  });
  let text = "";
  history.stdout.on("data", (chunk) => (text += chunk));
  await once(history, "close");
  return JSON.parse(text.trim().split("\n").at(-1)).data.deployments[0];
}

function summary(results, booked) {
  title("What happened");
  const rows = [
    ["release", "version", "outcome", "failed step", "took", "requests", "failed", "rows lost"],
    ...results.map(({ act, finished, tally, lost }) => [
      finished.release,
      act.version,
      finished.outcome,
      finished.failedStep ?? "-",
      `${(finished.durationMs / 1000).toFixed(1)} s`,
      String(tally?.sent ?? "-"),
      String(tally?.failed ?? "-"),
      String(lost),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column])).join("  ")}`);
  console.log(
    `\n  ${booked} appointments were confirmed to visitors; every one of them is there: ${results.every((one) => one.lost === 0) ? "yes" : "NO"}`,
  );
  console.log(
    "  Requests fail while data changes, and while a release that ends itself is found out: nothing stands in front that could let them wait.",
  );
  const wrong = results.filter((one) => one.finished.outcome !== one.act.expect || one.lost > 0);
  if (wrong.length > 0) {
    console.error(`\n  Not as it should be: ${wrong.map((one) => one.act.version).join(", ")}. Everything is left in ${folder}`);
    return 1;
  }
  if (keep) {
    console.log(`\n  Look at it:  http://127.0.0.1:${port}/`);
    console.log(
      `  Try:         cd ${agenda} && export APLOMO_HOME=${env.APLOMO_HOME} PM2_HOME=${env.PM2_HOME} PATH=${join(root, "node_modules/.bin")}:$PATH`,
    );
    console.log(`               node ${join(root, "packages/aplomo/dist/aplomo.js")} status`);
    console.log(`  End it:      pm2 kill && rm -r ${folder}`);
  } else {
    console.log(`\n  It ran on http://127.0.0.1:${port}/ and is being taken away again; script/demo --keep leaves it running.`);
  }
  return 0;
}

async function end() {
  const kill = spawn("pm2", ["kill"], { env, stdio: "ignore" });
  await once(kill, "exit").catch(() => {});
  if (code === 0) rmSync(folder, { recursive: true, force: true });
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address();
  server.close();
  await once(server, "close");
  return free;
}

function title(text) {
  console.log(`\n== ${text}\n`);
}
