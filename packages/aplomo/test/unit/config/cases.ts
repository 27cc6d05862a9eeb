import { compose, pm2 } from "./folder.ts";

/** A configuration, and the lines that loading it says. */
export interface Case {
  name: string;
  yml: string | Buffer;
  env?: string;
  shell?: NodeJS.ProcessEnv;
  /** Every line, by how it begins. */
  says: string[];
}

const form: Case[] = [
  { name: "an empty file", yml: "", says: ["aplomo.yml:1:1: the file is empty. Run `aplomo init`"] },
  { name: "only comments", yml: "# nothing yet\n", says: ["aplomo.yml:1:1: the file is empty."] },
  { name: "a list", yml: "- app\n", says: ["aplomo.yml:1:1: the file is a list, not a mapping."] },
  { name: "plain text", yml: "agenda\n", says: ['aplomo.yml:1:1: the file is "agenda", not a mapping.'] },
  { name: "two documents", yml: `${compose()}---\n${compose()}`, says: ["aplomo.yml:3:1: a second document begins here. Remove the ---"] },
  { name: "a tab", yml: "app: agenda\ntarget:\n\tkind: compose\n", says: ["aplomo.yml:3:1: a tab cannot indent. Use spaces."] },
  {
    name: "an unclosed quote, where it began",
    yml: `app: "agenda\ntarget: { kind: compose }\n`,
    says: ["aplomo.yml:1:6: a character is missing: a quote"],
  },
  {
    name: "a value that looks like a mapping",
    yml: compose("on_conflict: a: b\n"),
    says: ["aplomo.yml:3:14: a value cannot hold another `key:`"],
  },
  { name: "an unclosed list", yml: compose("smoke: [\nlogs: {}\n"), says: ["aplomo.yml:4:1: this line is not indented"] },
  {
    name: "bytes that are not UTF-8",
    yml: Buffer.from(compose("seed: Iniciar sesi\u00f3n\n"), "latin1"),
    says: ["aplomo.yml:3:19: the file is not UTF-8 text. Save it"],
  },
  { name: "UTF-16", yml: Buffer.from(`\uFEFF${compose()}`, "utf16le"), says: ["aplomo.yml:1:1: the file is not UTF-8 text."] },
  { name: "a tag", yml: compose("on_conflict: !ask x\n"), says: ["aplomo.yml:3:14: tags that begin with ! are not used here."] },
  {
    name: "an alias without an anchor",
    yml: compose("on_conflict: *later\n"),
    says: ["aplomo.yml:3:14: on_conflict is *later, and nothing before it has the anchor &later."],
  },
  {
    name: "an alias inside itself",
    yml: compose("smoke: &a [*a, *a]\n"),
    says: ["aplomo.yml:3:12: here aliases and nesting make too much of the file."],
  },
  {
    name: "aliases that multiply",
    yml: `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    says: ["aplomo.yml:"],
  },
  { name: "nesting without end", yml: "[".repeat(50_000), says: ["aplomo.yml:1:101: lists and mappings are nested too deeply."] },
  { name: "a key that is a list", yml: compose("? [a]\n: b\n"), says: ["aplomo.yml:3:3: a key in the file is a list, mapping or alias."] },
  {
    name: "a merge key",
    yml: compose("<<: { app: other }\n"),
    says: ['aplomo.yml:3:1: ["<<"] is not a known key. Merge keys are not read'],
  },
  {
    name: "a name JavaScript keeps for itself",
    yml: compose("env:\n  require:\n    __proto__: {}\n"),
    says: ["aplomo.yml:5:5: env.require.__proto__ cannot be used as a name."],
  },
  {
    name: "a duplicate key, and what else is wrong",
    yml: compose("app: other\nsmoke: 3\n"),
    says: ["aplomo.yml:3:1: app is set twice, first in line 1. Remove one", "aplomo.yml:4:8: smoke is 3, not a list."],
  },
  {
    name: "a variable without quotes inside braces",
    yml: "app: hub\ntarget: { kind: pm2, script: a.js, port: ${PORT} }\n",
    says: ["aplomo.yml:2:43: this is not expected here. Put the value with ${...} in double quotes"],
  },
];

const keys: Case[] = [
  {
    name: "nothing that must be there",
    yml: "{}\n",
    says: ["aplomo.yml:1:1: app is missing. Add `app:`", "aplomo.yml:1:1: target is missing. Add `target:`"],
  },
  {
    name: "a target without kind",
    yml: "app: a\ntarget: { files: [x] }\n",
    says: ["aplomo.yml:2:1: target.kind is missing. Add `kind:` (one of compose, swarm, pm2)"],
  },
  {
    name: "an unknown kind",
    yml: "app: a\ntarget: { kind: composer }\n",
    says: ['aplomo.yml:2:17: target.kind is "composer", not one of compose, swarm, pm2. Did you mean compose?'],
  },
  {
    name: "a missing key, at its parent",
    yml: "app: hub\ntarget:\n  kind: pm2\n",
    says: ["aplomo.yml:2:1: target.script is missing. Add `script:` (The file PM2 starts", "aplomo.yml:2:1: target.port is missing."],
  },
  {
    name: "a key with a near one",
    yml: compose("databse: {}\n"),
    says: ["aplomo.yml:3:1: databse is not a known key. Did you mean databases?"],
  },
  {
    name: "two letters that changed places",
    yml: compose("emv: {}\nsmoek: []\n"),
    says: ["aplomo.yml:3:1: emv is not", "aplomo.yml:4:1: smoek is not a known key. Did you mean smoke?"],
  },
  {
    name: "a key with no near one",
    yml: compose("releases: { banana: 1 }\n"),
    says: ["aplomo.yml:3:13: releases.banana is not a known key. Use one of keep."],
  },
  {
    name: "a key of the other kind",
    yml: "app: a\ntarget: { kind: compose, script: x }\n",
    says: ["aplomo.yml:2:26: target.script is not a known key. Use one of kind, files, project, services, host, ssh_config."],
  },
  {
    name: "an empty key",
    yml: compose("env:\nsmoke:\n"),
    says: ["aplomo.yml:3:1: env is empty. Write a mapping, or remove the key.", "aplomo.yml:4:1: smoke is empty. Write a list"],
  },
  {
    name: "a list for a mapping",
    yml: compose("env: { require: [A] }\n"),
    says: ["aplomo.yml:3:17: env.require is a list, not a mapping."],
  },
  {
    name: "text for a list",
    yml: compose("logs: { forbid: Error }\n"),
    says: ['aplomo.yml:3:17: logs.forbid is "Error", not a list. Write [first, second]'],
  },
  {
    name: "a number for text",
    yml: compose("seed: { service: a, run: [sleep, 5] }\n"),
    says: ["aplomo.yml:3:34: seed.run[1] is 5, not text. Put it in quotes."],
  },
  {
    name: "a number in quotes",
    yml: compose('health: { port: "3000" }\n'),
    says: ['aplomo.yml:3:17: health.port is "3000", not a number. Remove the quotes.'],
  },
  {
    name: "a number too high",
    yml: compose("health: { port: 70000 }\n"),
    says: ["aplomo.yml:3:17: health.port is 70000, not a port from 1 to 65535."],
  },
  { name: "a fraction", yml: compose("releases: { keep: 2.5 }\n"), says: ["aplomo.yml:3:19: releases.keep is 2.5, not a whole number."] },
  { name: "a number too low", yml: compose("releases: { keep: 1 }\n"), says: ["aplomo.yml:3:19: releases.keep is 1, not 2 or more."] },
  {
    name: "a yes of YAML 1.1",
    yml: "app: a\ntarget: { kind: pm2, script: a, port: 1, wait_ready: yes }\n",
    says: ['aplomo.yml:2:54: target.wait_ready is "yes", not true or false. Write true or false.'],
  },
  {
    name: "a word that is not one of the few",
    yml: compose("on_conflict: restroe\n"),
    says: ['aplomo.yml:3:14: on_conflict is "restroe", not one of ask, keep, restore. Did you mean restore?'],
  },
  {
    name: "a duration in words",
    yml: compose("health: { watch: a minute, within: -5 }\n"),
    says: [
      'aplomo.yml:3:18: health.watch is "a minute", not a duration such as 10s, 2m or 1h. Write for example 10s.',
      "aplomo.yml:3:36: health.within is -5, not a duration",
    ],
  },
  {
    name: "an empty command",
    yml: compose("seed: { service: a, run: [] }\n"),
    says: ["aplomo.yml:3:26: seed.run is a list, not a command as a list"],
  },
  {
    name: "a bad name for the app",
    yml: "app: My App\ntarget: { kind: compose }\n",
    says: ['aplomo.yml:1:6: app is "My App", not a name such as my-app'],
  },
  {
    name: "a bad name for a database",
    yml: compose("databases:\n  My-Data: { engine: postgres, service: db }\n"),
    says: ["aplomo.yml:4:3: databases.My-Data is not a name such as my_data"],
  },
  {
    name: "a bad name for a variable",
    yml: compose("env: { require: { API-URL: {} } }\n"),
    says: ["aplomo.yml:3:19: env.require.API-URL is not a variable's name"],
  },
  {
    name: "an address without scheme",
    yml: compose("health: { public: [example.com], path: health }\n"),
    says: [
      'aplomo.yml:3:20: health.public[0] is "example.com", not a URL',
      'aplomo.yml:3:40: health.path is "health", not a path that begins with /.',
    ],
  },
];

const relations: Case[] = [
  {
    name: "a job without a service under compose",
    yml: compose("migrate: { run: [x] }\n"),
    says: ["aplomo.yml:3:1: migrate.service is missing: a command runs in a service's image."],
  },
  {
    name: "a job with a service under pm2",
    yml: pm2("seed: { run: [x], service: web }\n"),
    says: ["aplomo.yml:3:19: seed.service is for compose, and the target is pm2."],
  },
  {
    name: "SQL files for MongoDB",
    yml: compose("databases: { a: { engine: mongodb, service: db, name: a } }\nmigrate: { files: migrations, service: w }\n"),
    says: ["aplomo.yml:4:1: migrate.run is missing: a is MongoDB, which knows no SQL files."],
  },
  {
    name: "databases that are not there",
    yml: compose(
      "databases: { agenda: { engine: postgres, service: db } }\nmigrate: { run: [x], service: w, database: agneda }\nderive: [{ name: a, run: [x], service: w, database: zzzzzz }]\n",
    ),
    says: [
      'aplomo.yml:4:44: migrate.database is "agneda", which is not among databases. Did you mean agenda?',
      'aplomo.yml:5:53: derive[0].database is "zzzzzz", which is not among databases. Use one of agenda.',
    ],
  },
  {
    name: "no database at all",
    yml: pm2("seed: { run: [x], database: a }\n"),
    says: ['aplomo.yml:3:29: seed.database is "a", which is not among databases. Add it under databases.'],
  },
  {
    name: "a database service under pm2",
    yml: pm2("databases: { a: { engine: postgres, service: db } }\n"),
    says: ["aplomo.yml:3:37: databases.a.service is for compose and swarm"],
  },
  {
    name: "a database nowhere",
    yml: compose("databases: { a: { engine: postgres } }\n"),
    says: ["aplomo.yml:3:14: databases.a.url is missing: nothing says where the database is. Add `service:`"],
  },
  {
    name: "a database in two places",
    yml: compose("databases: { a: { engine: postgres, service: db, url: 'postgres://h/n' } }\n"),
    says: ["aplomo.yml:3:50: databases.a.url and service are both set."],
  },
  {
    name: "a name for a url",
    yml: compose("databases: { a: { engine: postgres, url: 'postgres://h/n', user: x } }\n"),
    says: ["aplomo.yml:3:60: databases.a.user is for a database in a compose service."],
  },
  {
    name: "sqlite that is reached like a server",
    yml: compose("databases: { a: { engine: sqlite, service: db } }\n"),
    says: [
      "aplomo.yml:3:14: databases.a.file is missing: an sqlite database is a file.",
      "aplomo.yml:3:35: databases.a.service is not for sqlite",
    ],
  },
  {
    name: "postgres with a file",
    yml: compose("databases: { a: { engine: postgres, service: db, file: x } }\n"),
    says: ["aplomo.yml:3:50: databases.a.file is for sqlite only."],
  },
  {
    name: "a url of something else",
    yml: compose("databases: { a: { engine: postgres, url: 'mysql://h/n' } }\n"),
    says: ['aplomo.yml:3:42: databases.a.url is "mysql://h/n", not a database\'s URL. Write postgres://'],
  },
  {
    name: "another engine's URL",
    yml: compose("databases: { a: { engine: mariadb, url: 'postgres://h/n' } }\n"),
    says: ['aplomo.yml:3:41: databases.a.url is "postgres://h/n", not a database\'s URL. Write mysql://'],
  },
  {
    name: "invariants that hold nothing to, or contradict themselves",
    yml: compose(
      "databases:\n  a:\n    engine: postgres\n    service: db\n    invariants: { t: {}, u: { at_least: 5, at_most: 4 }, w: { exactly: 1, at_least: 1 } }\n",
    ),
    says: [
      "aplomo.yml:7:22: databases.a.invariants.t holds nothing to.",
      "aplomo.yml:7:53: databases.a.invariants.u.at_most is 4, less than at_least (5).",
      "aplomo.yml:7:72: databases.a.invariants.w.exactly is 1, and at_least",
    ],
  },
  {
    name: "health of a service under pm2",
    yml: pm2("health: { service: web, port: 3 }\n"),
    says: ["aplomo.yml:3:11: health.service is for compose", "aplomo.yml:3:25: health.port is for compose"],
  },
  {
    name: "a swarm behind what does not reach its tasks",
    yml: "app: a\ntarget: { kind: swarm, service: a_web }\nedge: { kind: nginx, file: /etc/nginx/a.conf, upstream: a }\n",
    says: ['aplomo.yml:3:15: edge.kind is "nginx", which does not reach the tasks of a swarm.'],
  },
  {
    name: "a swarm behind a caddy that is not in its network",
    yml: "app: a\ntarget: { kind: swarm, service: a_web }\nedge: { kind: caddy }\n",
    says: ["aplomo.yml:1:1: health.port is missing", "aplomo.yml:3:1: edge.network is missing", "aplomo.yml:3:1: edge.image is missing"],
  },
  {
    name: "a network of the edge where there is no swarm",
    yml: compose("edge: { kind: caddy, network: front }\n"),
    says: ["aplomo.yml:3:22: edge.network is for a swarm, and the target is compose."],
  },
  {
    name: "a site that the main one answers for, and one that is not deployed",
    yml: "app: a\ntarget: { kind: compose, services: [web, api] }\nedge: { kind: caddy, service: web, sites: { api: {}, apu: { path: /b } } }\n",
    says: [
      "aplomo.yml:3:45: edge.sites.api has neither hosts nor a path of its own.",
      "aplomo.yml:3:54: edge.sites.apu is not among target.services.",
    ],
  },
  {
    name: "health of a service that is not replaced",
    yml: "app: a\ntarget: { kind: compose, services: [web] }\nhealth: { service: wbe }\n",
    says: ['aplomo.yml:3:20: health.service is "wbe", which is not among target.services. Did you mean web?'],
  },
  {
    name: "a database that a release would replace",
    yml: "app: a\ntarget: { kind: compose, services: [web, db] }\ndatabases: { a: { engine: postgres, service: db } }\n",
    says: ['aplomo.yml:2:42: target.services[1] is "db", where the database a lives.'],
  },
  {
    name: "expressions that do not compile",
    yml: compose('logs: { forbid: ["(", ok] }\nenv: { require: { A: { pattern: "[" } } }\n'),
    says: [
      'aplomo.yml:3:18: logs.forbid[0] is "(", not a regular expression (unterminated group).',
      'aplomo.yml:4:33: env.require.A.pattern is "[", not a regular expression',
    ],
  },
  {
    name: "a contract that contradicts itself",
    yml: compose(
      "env:\n  require:\n    A: { min_length: 9, max_length: 8 }\n    B: { each: url }\n    C: { list: csv, type: url }\n    D: { one_of: [a], equals: a }\n  forbid: [A]\n",
    ),
    says: [
      "aplomo.yml:5:37: env.require.A.max_length is 8, less than min_length (9).",
      "aplomo.yml:6:10: env.require.B.each is for the items of a list.",
      "aplomo.yml:7:21: env.require.C.type and list are both set.",
      "aplomo.yml:8:10: env.require.D.one_of and equals",
      'aplomo.yml:9:12: env.forbid[0] is "A", which env.require wants.',
    ],
  },
  {
    name: "two steps of one name",
    yml: pm2("derive: [{ name: a, run: [x] }, { name: a, run: [y] }]\n"),
    says: ['aplomo.yml:3:41: derive[1].name is "a", as in derive[0].'],
  },
  {
    name: "a lock wait longer than the migration",
    yml: pm2("migrate: { run: [x], time_limit: 1m, lock_timeout: 2m }\n"),
    says: ['aplomo.yml:3:52: migrate.lock_timeout is "2m", longer than time_limit ("1m").'],
  },
];

export const secret = "hunter2-Geheim";
const secrets: Case[] = [
  {
    name: "a password in a url",
    yml: compose(`databases: { a: { engine: postgres, url: 'postgres://me:${secret}@h/n' } }\n`),
    says: ['aplomo.yml:3:42: databases.a.url is "postgres://[secret]@h/n", with a password that everyone with the code can read.'],
  },
  {
    name: "a password where a url should be",
    yml: compose(`databases: { a: { engine: postgres, url: ${secret} } }\n`),
    says: ["aplomo.yml:3:42: databases.a.url is [secret], not a database's URL."],
  },
  {
    name: "a url whose variable is wrong",
    yml: compose("databases:\n  a: { engine: postgres, url: '${URL}' }\n"),
    shell: { URL: `mysql://u:${secret}@h/n` },
    says: ['aplomo.yml:4:31: databases.a.url is "${URL}", whose value is not a database\'s URL. Correct URL'],
  },
  {
    name: "a secret for a job",
    yml: pm2(`seed: { run: [x], env: { ADMIN_PASSWORD: ${secret} } }\n`),
    says: ["aplomo.yml:3:42: seed.env.ADMIN_PASSWORD is a secret written in this file."],
  },
  {
    name: "a secret as a rule",
    yml: pm2(`env: { require: { A: { secret: true, equals: ${secret} }, B_TOKEN: { one_of: [${secret}] } } }\n`),
    says: [
      "aplomo.yml:3:38: env.require.A.equals would have the value of a secret",
      "aplomo.yml:3:75: env.require.B_TOKEN.one_of would have",
    ],
  },
  {
    name: "a secret with a default",
    yml: pm2(`smoke: [{ get: "/?\${API_TOKEN:-${secret}}" }]\n`),
    says: ["aplomo.yml:3:16: smoke[0].get gives the secret API_TOKEN a default"],
  },
  {
    name: "a number whose variable is text",
    yml: "app: a\ntarget: { kind: pm2, script: x, port: '${PORT}' }\n",
    shell: { PORT: secret },
    says: ['aplomo.yml:2:39: target.port is "${PORT}", whose value is not a number. Correct PORT.'],
  },
  {
    name: "a number whose variable is too high",
    yml: "app: a\ntarget: { kind: pm2, script: x, port: '${PORT}' }\n",
    shell: { PORT: "99999" },
    says: ['aplomo.yml:2:39: target.port is "${PORT}", whose value is not a port from 1 to 65535.'],
  },
  {
    name: "an expression whose variable does not compile",
    yml: compose("logs: { forbid: ['${BAD}'] }\n"),
    shell: { BAD: `(${secret}` },
    says: ['aplomo.yml:3:18: logs.forbid[0] is "${BAD}", not a regular expression (unterminated group).'],
  },
  {
    name: "a word whose variable is not one of the few",
    yml: compose("on_conflict: ${WORD}\n"),
    shell: { WORD: secret },
    says: ['aplomo.yml:3:14: on_conflict is "${WORD}", not one of ask, keep, restore. Write one of'],
  },
  { name: "YAML that is broken at a secret", yml: compose(`seed: { env: { A: "${secret}" ${secret} } }\n`), says: ["aplomo.yml:3:"] },
  {
    name: "an env file that is broken at a secret",
    yml: compose("env: { file: .env }\n"),
    env: `A="${secret}" ${secret}\nB='${secret}\n${secret}\n`,
    says: [".env:1:19: A has text after its closing quote.", ".env:2:3: B has a ' that is never closed.", ".env:3:1: the line has no =."],
  },
];

const variables: Case[] = [
  {
    name: "one that is not set",
    yml: compose("on_conflict: ${WORD}\n"),
    says: [
      "aplomo.yml:3:14: on_conflict needs WORD, which is not set. Set WORD in the shell that runs Aplomo, or in a file that env.file names.",
    ],
  },
  {
    name: "one that is empty",
    yml: compose("env: { file: .env }\non_conflict: ${WORD}\n"),
    env: "WORD=\n",
    shell: { WORD: "ask" },
    says: ["aplomo.yml:4:14: on_conflict needs WORD, which is empty. Set WORD in .env or in the shell that runs Aplomo."],
  },
  {
    name: "one with a message",
    yml: compose('smoke: [{ get: "${PAGE:?the page: see the wiki}" }]\n'),
    says: ["aplomo.yml:3:16: smoke[0].get needs PAGE, which is not set: the page: see the wiki. Set PAGE"],
  },
  {
    name: "two in one text",
    yml: compose("health: { public: ['https://${A}/${B}'] }\n"),
    says: ["aplomo.yml:3:20: health.public[0] needs A,", "aplomo.yml:3:20: health.public[0] needs B,"],
  },
  {
    name: "one without braces",
    yml: compose("on_conflict: $WORD\n"),
    says: ["aplomo.yml:3:14: on_conflict has $WORD without braces. Write ${WORD}, or $$WORD"],
  },
  {
    name: "forms that are not read",
    yml: compose('smoke: [{ get: "${A-b}" }, { get: "${" }, { get: "${A:-${B}}" }]\n'),
    says: [
      "aplomo.yml:3:16: smoke[0].get has a ${...} that cannot be understood.",
      "aplomo.yml:3:35: smoke[1].get has a ${...}",
      "aplomo.yml:3:50: smoke[2].get has a ${...}",
    ],
  },
  {
    name: "an env file that is not there, without its echo",
    yml: compose("env:\n  file: envs/.env\non_conflict: ${WORD}\n"),
    says: ['aplomo.yml:4:9: env.file is "envs/.env", and there is no file envs/.env. Create it'],
  },
  { name: "an env file that is a folder", yml: compose("env: { file: . }\n"), says: ['aplomo.yml:3:14: env.file is ".", and '] },
  {
    name: "an env file with faults, beside those of aplomo.yml",
    yml: compose("env: { file: .env }\nsmoek: []\n"),
    env: "A=1\n\nA=2\nrubbish\n",
    says: [
      "aplomo.yml:4:1: smoek is not",
      ".env:3:1: A is set twice, first in line 1. Remove one of the two lines.",
      ".env:4:1: the line has no =.",
    ],
  },
];

/** By what is wrong. */
export const cases: Record<string, Case[]> = { form, keys, relations, secrets, variables };
