import * as v from "valibot";
import { Secret } from "../base/secret.ts";
import { parseDuration } from "../base/time.ts";

/*
 * Each description is a sentence a user reads: in an editor, in docs/CONFIGURATION.md, and in the error for a missing key.
 * Each message is a noun phrase that fits after "is X, not ...". What concerns several keys at once is in relations.ts.
 */

const name = /^[A-Za-z_][A-Za-z0-9_]*$/;
const text = (about: string) => v.pipe(v.string(), v.description(about));
/** A text that may hold a password: only `reveal()` gives it. */
const secret = (about: string) =>
  v.pipe(
    v.string(),
    v.description(about),
    v.transform((value) => new Secret(value)),
  );
const texts = (about: string) => v.pipe(v.array(v.string()), v.description(about));
const flag = (about: string) => v.pipe(v.boolean(), v.description(about));
const count = (about: string, least = 0) => v.pipe(v.number(), v.integer(), v.minValue(least), v.description(about));
const port = (about: string) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(1, "a port from 1 to 65535"),
    v.maxValue(65_535, "a port from 1 to 65535"),
    v.description(about),
  );
const webPath = (about: string) => v.pipe(v.string(), v.regex(/^\//, "a path that begins with /"), v.description(about));
const argv = (about: string) =>
  v.pipe(v.array(v.string()), v.minLength(1, "a command as a list: [program, argument, ...]"), v.description(about));

const durationPhrase = "a duration such as 10s, 2m or 1h";
/** `10s`, `2m`, or a number of seconds; milliseconds once parsed. */
const duration = (about: string) =>
  v.pipe(
    v.union(
      [
        v.pipe(v.string(), v.regex(/^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)?\s*$/, durationPhrase)),
        v.pipe(v.number(), v.minValue(0, durationPhrase)),
      ],
      durationPhrase,
    ),
    v.description(about),
    v.transform((value) => parseDuration(value) ?? 0),
  );
const variableName = v.pipe(v.string(), v.regex(name, "a variable's name such as API_URL (letters, digits and _, no digit first)"));

/** Where it runs, when that is not this machine. */
const elsewhere = {
  host: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^(\w[\w.-]*@)?(\w[\w.-]*|\[[0-9A-Fa-f:.%]+\])(:\d{1,5})?$/, "user@host, user@host:port, or a name of the ssh configuration"),
      v.description(
        "The server, as ssh reaches it: `user@host`, `user@host:port` or a name of the ssh configuration. Left out: this machine. See docs/REMOTE.md.",
      ),
    ),
  ),
  ssh_config: v.optional(text("Another ssh configuration file than the user's own; relative to aplomo.yml or absolute.")),
};

const compose = v.strictObject({
  kind: v.pipe(v.literal("compose"), v.description("Containers that docker compose runs.")),
  files: v.optional(
    v.pipe(
      v.array(v.string()),
      v.minLength(1, "a list with one file or more"),
      v.description(
        "Compose files in the order `docker compose -f` takes them, relative to aplomo.yml. Left out: compose.yml or docker-compose.yml.",
      ),
    ),
  ),
  project: v.optional(text("Compose project name. Left out: the app's name. Changing it gives empty volumes.")),
  services: v.optional(texts("The services a release replaces. Left out: every service that is not a database of this file.")),
  ...elsewhere,
});

const pm2 = v.strictObject({
  kind: v.pipe(v.literal("pm2"), v.description("Processes that PM2 runs.")),
  source: v.optional(
    text("The app's folder, relative to aplomo.yml; it is copied into each release. Left out: the folder of aplomo.yml."),
    ".",
  ),
  script: text("The file PM2 starts, relative to `source`."),
  args: v.optional(texts("Arguments of the script."), []),
  instances: v.optional(count("How many processes.", 1), 1),
  exec_mode: v.optional(
    v.pipe(v.picklist(["fork", "cluster"]), v.description("How PM2 starts them; `cluster` shares one port among several instances.")),
  ),
  port: port("The port the app listens on; it is given to it as PORT."),
  install: v.optional(argv("Run once in the new release's folder, for its dependencies.")),
  exclude: v.optional(texts("Left out of the copy, besides .git, the env file and databases: glob patterns."), []),
  max_memory_restart: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d+(\.\d+)?[KMG]$/, "a size such as 300M or 1G"),
      v.description("PM2 starts a process anew when it uses more memory than this."),
    ),
  ),
  kill_timeout: v.optional(duration("From SIGTERM to SIGKILL; longer than the app needs to finish its requests."), "5s"),
  listen_timeout: v.optional(duration("How long a process may take until it listens."), "10s"),
  wait_ready: v.optional(flag("The app says itself when it is ready: `process.send('ready')`."), false),
  ...elsewhere,
});

const swarm = v.strictObject({
  kind: v.pipe(v.literal("swarm"), v.description("A service of a Docker Swarm; Aplomo runs on a manager.")),
  service: text("The service a release replaces, as `docker service ls` names it; it exists already."),
  image: v.optional(
    text("The image of the next release, in a registry that every node reaches; it is taken by its digest. Left out: the service's own."),
  ),
  replicas: v.optional(count("How many tasks. Left out: as many as the service has.", 1)),
  start_timeout: v.optional(duration("How long the swarm may take until all new tasks run, images fetched."), "5m"),
  stabilise: v.optional(
    duration(
      "While a release is being stabilised, progressive replacement is off: until its tasks have run for so long, a next release's start only when they have stopped.",
    ),
    "0s",
  ),
  ...elsewhere,
});

const hosts = v.optional(texts("The host names it answers for. Left out: every one that no other application on the edge has."), []);
const behind = {
  service: v.optional(text("Compose: the service it stands in front of. Left out: health.service, or the only one that is deployed.")),
  drain: v.optional(duration("How long requests under way, and WebSockets, are given to end on the old units."), "30s"),
};
const sites = v.optional(
  v.pipe(
    v.record(
      v.string(),
      v.strictObject({
        hosts,
        path: v.optional(webPath("Requests below this path alone; it is not taken off."), "/"),
        port: v.optional(port("The port inside its container. Left out: the one that is published or exposed.")),
        health: v.optional(webPath("Asked of its units directly, and of the edge.")),
      }),
    ),
    v.description("Compose: other services of the application behind the same edge, each by its name, with hosts or a path of its own."),
  ),
  {},
);
const site = {
  hosts,
  sites,
  path: v.optional(webPath("Requests below this path alone; it is not taken off."), "/"),
  https: v.optional(flag("Over HTTPS; needs host names."), false),
};
const ownEdge = {
  ...site,
  ...behind,
  image: v.optional(text("Run it as a container of this image. Left out: as a process of `program`.")),
  network: v.optional(text("Swarm: the attachable overlay network in which the edge reaches the tasks; the service must be in it.")),
  ports: v.optional(
    v.pipe(
      v.strictObject({ http: v.optional(port("For HTTP."), 80), https: v.optional(port("For HTTPS."), 443) }),
      v.description("Where it listens; the same for all applications of a server."),
    ),
    {},
  ),
  certificate: v.optional(
    v.pipe(
      v.strictObject({
        file: text("The certificate chain, PEM, relative to aplomo.yml."),
        key: text("Its private key, PEM, relative to aplomo.yml."),
      }),
      v.description("A certificate of your own. Left out: it gets one by itself."),
    ),
  ),
};
const edges = [
  v.strictObject({
    kind: v.pipe(v.literal("caddy"), v.description("A Caddy that Aplomo runs, one for all applications of the server.")),
    ...ownEdge,
    program: v.optional(text("Its program."), "caddy"),
  }),
  v.strictObject({
    kind: v.pipe(v.literal("kamal-proxy"), v.description("A kamal-proxy that Aplomo runs, one for all applications of the server.")),
    ...ownEdge,
    program: v.optional(text("Its program."), "kamal-proxy"),
  }),
  v.strictObject({
    kind: v.pipe(v.literal("nginx"), v.description("The nginx that stands on the server.")),
    ...behind,
    file: text("The file Aplomo writes and nginx includes: an upstream block."),
    upstream: text("The upstream's name in it."),
    program: v.optional(text("Its program."), "nginx"),
    config: v.optional(text("nginx's main file, when it is not where nginx was built to look.")),
  }),
  v.strictObject({
    kind: v.pipe(v.literal("traefik"), v.description("The Traefik that stands on the server, by its file provider.")),
    ...site,
    ...behind,
    directory: text("The folder that Traefik's file provider watches."),
    entrypoints: v.pipe(
      v.array(v.string()),
      v.minLength(1, "a list with one entry point or more"),
      v.description("Names of its entry points."),
    ),
    url: v.pipe(v.string(), v.url("a URL such as http://127.0.0.1"), v.description("Where its entry point is reached from this machine.")),
    resolver: v.optional(text("Its certificate resolver, for HTTPS.")),
  }),
  v.strictObject({ kind: v.pipe(v.literal("none"), v.description("Nothing: the plan says how many seconds a switch costs.")) }),
] as const;

const invariant = v.strictObject({
  at_least: v.optional(count("The lowest number that is right.")),
  at_most: v.optional(count("The highest number that is right.")),
  exactly: v.optional(count("The only number that is right.")),
  never_falls: v.optional(flag("A deploy may add rows but never take any away.")),
  query: v.optional(
    text("SQL that yields one number, instead of the table's count of rows. MongoDB: a `count` or `aggregate` command as JSON."),
  ),
});

const database = v.strictObject({
  engine: v.pipe(v.picklist(["postgres", "mariadb", "mysql", "mongodb", "sqlite"]), v.description("What kind of database it is.")),
  service: v.optional(text("The compose service it runs in; Swarm: the service whose task runs on this manager.")),
  url: v.optional(
    secret(
      "Or where it is reached: postgres://user:password@host:5432/name, mysql://user:password@host:3306/name, mongodb://user:password@host:27017/name. Take it from the environment.",
    ),
  ),
  file: v.optional(text("For sqlite: its file, relative to aplomo.yml.")),
  name: v.optional(
    text("The database's name inside its service. Left out: POSTGRES_DB, MARIADB_DATABASE or MONGO_INITDB_DATABASE of the container."),
  ),
  user: v.optional(
    text(
      "The user inside its service. Left out: POSTGRES_USER of the container; MariaDB: root, when its password is known; MongoDB: MONGO_INITDB_ROOT_USERNAME.",
    ),
  ),
  invariants: v.optional(
    v.pipe(
      v.record(v.string(), invariant),
      v.description(
        "What must hold before and after every deploy and in every backup: a table's or collection's name, or any name with a `query`.",
      ),
    ),
    {},
  ),
});

const job = v.strictObject({
  run: argv("The command, as a list: [program, argument, ...]. No shell reads it."),
  service: v.optional(text("Compose: the service whose image and environment it runs with. Under PM2 it runs in the release's folder.")),
  database: v.optional(text("The database of this file that it changes.")),
  time_limit: v.optional(duration("It is ended after that, and the deploy undone."), "10m"),
  env: v.optional(
    v.pipe(
      v.record(
        variableName,
        v.pipe(
          v.string(),
          v.transform((value) => new Secret(value)),
        ),
      ),
      v.description("Variables for this command alone, besides the app's own."),
    ),
    {},
  ),
});

const migrate = v.strictObject({
  ...job.entries,
  run: v.optional(
    argv(
      "The command, as a list: [program, argument, ...]. No shell reads it. Left out: Aplomo itself runs the SQL files of `files`, in the order of their names.",
    ),
  ),
  files: v.optional(text("Folder of the migrations inside the release; while its content stays the same, nothing is migrated.")),
  table: v.optional(text("The migration tool's own table. Left out: what the tool calls it by itself.")),
  lock_timeout: v.optional(duration("How long a migration may wait for a lock while requests wait behind it."), "5s"),
});

const brought = v.strictObject({
  command: v.optional(
    argv("A program that says the value on its standard output: `[op, read, op://vault/app/secret]`. No shell reads it."),
  ),
  file: v.optional(text("A file that holds the value and nothing else, relative to aplomo.yml: `/run/secrets/session`.")),
});

const variable = v.strictObject({
  secret: v.optional(flag("No placeholder and nothing that can be guessed; nothing but its length is ever shown."), false),
  min_length: v.optional(count("Characters, at least.")),
  max_length: v.optional(count("Characters, at most.")),
  pattern: v.optional(text("A regular expression that must match somewhere in it; ^ and $ hold it to the whole.")),
  one_of: v.optional(texts("The values that are right.")),
  equals: v.optional(text("The only value that is right.")),
  list: v.optional(
    v.pipe(v.picklist(["csv", "json"]), v.description('How the application reads its items: `A,B` (csv) or `["A","B"]` (json).')),
  ),
  each: v.optional(v.pipe(v.picklist(["url", "port", "number", "host"]), v.description("What each item of the list must be."))),
  type: v.optional(v.pipe(v.picklist(["url", "port", "number", "boolean"]), v.description("What the value must be."))),
});

const smoke = v.strictObject({
  get: v.pipe(
    v.string(),
    v.regex(/^(\/|https?:\/\/)/, "a path that begins with /, or a URL"),
    v.description("The path or URL that is asked."),
  ),
  expect: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(100, "an HTTP status from 100 to 599"),
      v.maxValue(599, "an HTTP status from 100 to 599"),
      v.description("The HTTP status that is right."),
    ),
    200,
  ),
  contains: v.optional(text("Text the answer must hold.")),
});

const localStore = v.strictObject({
  kind: v.pipe(v.literal("local"), v.description("Another disk or a share, mounted on this machine.")),
  name: v.optional(text("What reports call it. Left out: where it is.")),
  directory: text("Its folder, which must exist; relative to aplomo.yml or absolute."),
  same_disk: v.optional(flag("Allow it on the disk that holds Aplomo's own folder, with which it would be lost."), false),
});

const s3Store = v.strictObject({
  kind: v.pipe(v.literal("s3"), v.description("A bucket of Amazon's S3 or of any server that speaks its protocol.")),
  name: v.optional(text("What reports call it. Left out: where it is.")),
  bucket: text("The bucket, which must exist."),
  prefix: v.optional(text("Put in front of every name.")),
  endpoint: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^https?:\/\//, "a URL such as https://s3.example.com"),
      v.description("The server's URL. Left out: Amazon's for the region."),
    ),
  ),
  region: v.optional(text("The region. Left out: that of the credentials file's profile, else us-east-1.")),
  path_style: v.optional(flag("The bucket in the path instead of in the host's name. Left out: true where an endpoint is given.")),
  access_key: v.optional(text("The key's id. Left out: taken from the credentials file.")),
  secret_key: v.optional(secret("The key; take it from the environment.")),
  credentials: v.optional(text("A file as the aws program has it. Left out: ~/.aws/credentials.")),
  profile: v.optional(text("The profile in that file.")),
});

const sftpStore = v.strictObject({
  kind: v.pipe(v.literal("sftp"), v.description("A machine that ssh reaches without being asked for a password.")),
  name: v.optional(text("What reports call it. Left out: where it is.")),
  host: text("`host`, `user@host`, or a name of the ssh configuration."),
  port: v.optional(port("The port. Left out: that of the ssh configuration, else 22.")),
  directory: text("The folder there: relative to the user's home, or absolute."),
  ssh_config: v.optional(text("Another ssh configuration file than the user's own; relative to aplomo.yml or absolute.")),
});

const clock = /^([01]\d|2[0-3]):[0-5]\d$/;
const cron = /^[\dA-Za-z*,/?#-]+( +[\dA-Za-z*,/?#-]+){4}$/;
const moment = new RegExp(`${clock.source}|${cron.source}`);

const backups = v.strictObject({
  directory: v.optional(text("Their folder. Left out: backups/ in the app's folder under APLOMO_HOME.")),
  compress: v.optional(
    v.pipe(v.picklist(["zstd", "gzip"]), v.description("How dumps are compressed. Left out: zstd where the server has it, else gzip.")),
  ),
  keep: v.optional(
    v.pipe(
      v.strictObject({
        daily: v.optional(count("Proven backups of so many days."), 7),
        weekly: v.optional(count("The first proven one of so many weeks, which begin on Sunday."), 4),
        monthly: v.optional(count("The first proven one of so many months."), 6),
      }),
      v.description("What retention keeps of scheduled backups. The newest proven one always stays."),
    ),
    {},
  ),
  zone: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z_]+([/+-][A-Za-z0-9_]+)*$/, "a time zone such as Europe/Madrid"),
      v.description("The time zone whose calendar days, weeks and months count. Left out: the server's."),
    ),
  ),
  at: v.optional(
    v.pipe(
      v.string(),
      v.regex(moment, "a time of day such as 02:30, or a line of cron such as `0 */6 * * *`"),
      v.description(
        "When backups are made, in that zone: a time of day, or five fields as cron has them, which the agent alone understands.",
      ),
    ),
    "02:30",
  ),
  drill_at: v.optional(
    v.pipe(
      v.string(),
      v.regex(new RegExp(`${moment.source}|^never$`), "a time of day such as 05:00, a line of cron such as `0 5 * * 0`, or never"),
      v.description("When the agent restores the newest backup again and compares it, besides the proof right after it was made."),
    ),
    "0 5 * * 0",
  ),
  max_age: v.optional(
    duration("`status` fails when the newest proven backup is older than this. Left out: 26h once a schedule was installed, else never."),
  ),
  checksums: v.optional(
    flag("`backup run` notes a checksum of each table's rows in the manifest, and proofs compare it. Both read every row once more."),
    false,
  ),
  encrypt_to: v.optional(
    texts("Recipients of age (`age1...`, see `aplomo backup kit`): backups are encrypted, and each of these keys opens them."),
    [],
  ),
  copy_to: v.optional(
    v.pipe(
      v.array(v.variant("kind", [localStore, s3Store, sftpStore])),
      v.description("Where copies go after each run. A place that is down never fails a backup; the next run makes it up."),
    ),
    [],
  ),
});

const url = (about: string) =>
  v.pipe(
    v.string(),
    v.regex(/^https?:\/\//, "a URL such as https://example.com/hook"),
    v.description(about),
    v.transform((value) => new Secret(value)),
  );
const channels = [
  v.strictObject({
    kind: v.pipe(v.literal("webhook"), v.description("Any address that takes JSON.")),
    url: url("Where it is posted to."),
  }),
  v.strictObject({ kind: v.pipe(v.literal("slack"), v.description("A channel of Slack.")), url: url("Its incoming webhook.") }),
  v.strictObject({ kind: v.pipe(v.literal("discord"), v.description("A channel of Discord.")), url: url("Its webhook.") }),
  v.strictObject({
    kind: v.pipe(v.literal("telegram"), v.description("A chat of Telegram.")),
    token: secret("The bot's token."),
    chat: text("The chat's id."),
    api: v.optional(text("The address of the bot interface."), "https://api.telegram.org"),
  }),
  v.strictObject({
    kind: v.pipe(v.literal("ntfy"), v.description("A topic of ntfy.")),
    url: url("The topic's address: https://ntfy.sh/my-topic."),
    token: v.optional(secret("An access token.")),
  }),
  v.strictObject({
    kind: v.pipe(v.literal("email"), v.description("Mail by SMTP.")),
    server: v.pipe(
      v.string(),
      v.regex(/^smtps?:\/\//, "a URL such as smtp://user:password@mail.example.com:587"),
      v.description("The mail server: smtp:// (STARTTLS where it is offered) or smtps://."),
      v.transform((value) => new Secret(value)),
    ),
    from: text("The sender."),
    to: v.pipe(v.array(v.string()), v.minLength(1, "a list with one address or more"), v.description("Who gets it.")),
  }),
] as const;

const watch = v.strictObject({
  every: v.optional(duration("How often the agent looks; in the first 24 hours of a release four times as often."), "1m"),
  invariants_every: v.optional(duration("How often it counts what the databases' invariants speak of."), "1h"),
  certificate: v.optional(duration("It tells when a certificate of health.public ends sooner than that."), "14d"),
  disk: v.optional(duration("It tells when a disk, filling as it does now, is full sooner than that."), "7d"),
  ping: v.optional(url("Asked after each look: whoever waits for it (a dead man's switch) learns when the agent itself has died.")),
});

const image = v.strictObject({
  build: text("The folder it is built from, relative to aplomo.yml."),
  dockerfile: v.optional(text("Its Dockerfile, relative to that folder."), "Dockerfile"),
  bake: v.optional(
    text(
      "A bake file, relative to that folder, instead of the Dockerfile: `docker buildx bake` builds its target of the service's name, or `target`.",
    ),
  ),
  target: v.optional(text("The stage of it that is built. Left out: the last.")),
  args: v.optional(
    v.pipe(v.record(variableName, v.string()), v.description("Build arguments. They stay readable in the image: no secrets.")),
    {},
  ),
  platform: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9]+\/[a-z0-9]+$/, "a platform such as linux/amd64"),
      v.description("What the server runs on. Left out: that of the engine that builds."),
    ),
  ),
  repository: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[^\s@]+\/[^\s@:]+$/, "a repository such as registry.example/team/web, without a tag"),
      v.description(
        "Where it is pushed, without a tag: a release names it by its digest. Left out: a deploy over ssh brings the server what it lacks of the image.",
      ),
    ),
  ),
});

const care = (about: string, otherwise: "off" | "warning") =>
  v.optional(v.pipe(v.picklist(["off", "warning", "error"]), v.description(about)), otherwise);

const top = v.strictObject({
  app: v.pipe(
    v.string(),
    v.regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      "a name such as my-app (lower-case letters, digits and hyphens, a letter first, 40 characters at most)",
    ),
    v.description("Names the application on the server: folders, lock, backups."),
  ),
  target: v.pipe(v.variant("kind", [compose, swarm, pm2]), v.description("What runs the application.")),
  edge: v.optional(
    v.pipe(
      v.variant("kind", edges),
      v.description("What stands in front of the units, so that a switch loses no request; see docs/EDGES.md."),
    ),
    { kind: "none" },
  ),
  images: v.optional(
    v.pipe(
      v.record(v.string(), image),
      v.description("The images of services that `aplomo build` builds, pushes and verifies; see docs/IMAGES.md."),
    ),
    {},
  ),
  source: v.optional(
    v.pipe(
      v.strictObject({
        clean: care("Everything is committed.", "warning"),
        pushed: care("The branch is in step with the one it follows, as of the last fetch.", "warning"),
        raised: care("The version in package.json or pyproject.toml is another than that of the release in front.", "off"),
      }),
      v.description("What the checkout must be like before a build or a deploy; without a checkout nothing is asked."),
    ),
    {},
  ),
  env: v.optional(
    v.pipe(
      v.strictObject({
        file: v.optional(text("The file with the app's variables, relative to aplomo.yml.")),
        example: v.optional(
          text(
            "The file that shows what it looks like: no secret may be as it is there. Left out: that name with .example, where there is one.",
          ),
        ),
        from: v.optional(
          v.pipe(
            v.record(variableName, brought),
            v.description("Variables that stand in no env file: where each comes from. Read each time a release is made, never kept."),
          ),
          {},
        ),
        require: v.optional(
          v.pipe(v.record(variableName, variable), v.description("Variables the app cannot do without, and what each must be like.")),
          {},
        ),
        forbid: v.optional(texts("Variables that must not be set."), []),
      }),
      v.description("The app's environment, checked before anything is touched."),
    ),
    {},
  ),
  databases: v.optional(
    v.pipe(
      v.record(
        v.pipe(
          v.string(),
          v.regex(
            /^[a-z][a-z0-9_-]{0,29}$/,
            "a name such as my_data (lower-case letters, digits, _ and -, a letter first, 30 characters at most)",
          ),
        ),
        database,
      ),
      v.description("The app's databases: backed up, rehearsed on and proven at every deploy."),
    ),
    {},
  ),
  migrate: v.optional(v.pipe(migrate, v.description("Brings the databases to what the new release expects."))),
  derive: v.optional(
    v.pipe(
      v.array(v.strictObject({ name: text("How reports call this step."), ...job.entries })),
      v.description("Derived data, refreshed after a migration step by step; a step that fails is reported by its name."),
    ),
    [],
  ),
  seed: v.optional(v.pipe(job, v.description("Runs after migration and derived data; must be idempotent."))),
  health: v.optional(
    v.pipe(
      v.strictObject({
        path: v.optional(webPath("Asked of every unit directly.")),
        service: v.optional(text("Compose: the service that answers it.")),
        port: v.optional(port("Compose: the port inside the container.")),
        public: v.optional(
          v.pipe(
            v.array(
              v.pipe(v.string(), v.url("a URL such as https://example.com"), v.regex(/^https?:\/\//, "a URL such as https://example.com")),
            ),
            v.description("Asked as the public does, through whatever stands in front."),
          ),
          [],
        ),
        within: v.optional(duration("From start to healthy."), "60s"),
        watch: v.optional(duration("How long the new release must stay as it is before it counts as proven."), "60s"),
        memory_below: v.optional(
          v.pipe(
            v.number(),
            v.minValue(1, "a share from 1 to 100"),
            v.maxValue(100, "a share from 1 to 100"),
            v.description(
              "Per cent of its memory limit that every unit the release has started must stay below at the end of `watch`; 100 asks for nothing.",
            ),
          ),
          95,
        ),
      }),
      v.description("When the new release counts as healthy."),
    ),
    {},
  ),
  smoke: v.optional(v.pipe(v.array(smoke), v.description("Requests the new release must answer as written here.")), []),
  logs: v.optional(
    v.pipe(
      v.strictObject({
        forbid: v.optional(texts("Regular expressions that no log line of the new release may match while it is watched."), []),
      }),
      v.description("What the new release's logs must be like."),
    ),
    {},
  ),
  rehearsal: v.optional(
    v.pipe(
      v.strictObject({
        when: v.optional(
          v.pipe(
            v.picklist(["change", "always", "never"]),
            v.description("Before releases that change data, before every release, or never: `aplomo rehearse` does it whenever asked."),
          ),
          "change",
        ),
        env: v.optional(
          v.pipe(
            v.record(variableName, v.string()),
            v.description("Variables the app gets in a rehearsal alone, over its own: switch mail, webhooks and payments off here."),
          ),
          {},
        ),
      }),
      v.description("A release is first performed on a restored copy of the data: see docs/REHEARSAL.md."),
    ),
    {},
  ),
  hold: v.optional(
    v.pipe(
      v.strictObject({
        limit: v.optional(
          duration("A release is refused when its change, as long as it took on the copy, would keep requests waiting for longer."),
          "30s",
        ),
      }),
      v.description("How long requests may wait at the edge while data changes."),
    ),
    {},
  ),
  audit: v.optional(
    v.pipe(
      v.strictObject({
        gate: v.optional(
          v.pipe(
            v.picklist(["off", "error", "warning"]),
            v.description("A deploy is refused when `aplomo audit` finds something as grave as this in the folder of aplomo.yml."),
          ),
          "off",
        ),
      }),
      v.description("Whether a deploy asks the audit first."),
    ),
    {},
  ),
  on_conflict: v.optional(
    v.pipe(
      v.picklist(["ask", "keep", "restore"]),
      v.description(
        "When going back would lose rows written since the change: keep them, restore all the same, or ask a person (exit code 3).",
      ),
    ),
    "ask",
  ),
  releases: v.optional(
    v.pipe(
      v.strictObject({ keep: v.optional(count("How many, the present one included.", 2), 5) }),
      v.description("Releases that stay on the server, to go back to."),
    ),
    {},
  ),
  backups: v.optional(v.pipe(backups, v.description("Where and how backups are kept.")), {}),
  watch: v.optional(v.pipe(watch, v.description("What `aplomo agent` looks at between deploys: see docs/AGENT.md.")), {}),
  notify: v.optional(
    v.pipe(v.array(v.variant("kind", channels)), v.description("Who is told when something is wrong, and when it is over.")),
    [],
  ),
});

/** The schema of `aplomo.yml`; the JSON Schema for editors is made from it. */
export const schema: typeof top = top;

/** A parsed and checked `aplomo.yml`: defaults filled in, durations in milliseconds, paths as written, what may hold a password a Secret. */
export type Settings = v.InferOutput<typeof top>;
export type ComposeSettings = v.InferOutput<typeof compose>;
export type SwarmSettings = v.InferOutput<typeof swarm>;
export type Pm2Settings = v.InferOutput<typeof pm2>;
export type EdgeSettings = Settings["edge"];
export type DatabaseSettings = v.InferOutput<typeof database>;
export type InvariantSettings = v.InferOutput<typeof invariant>;
export type JobSettings = v.InferOutput<typeof job>;
export type MigrateSettings = v.InferOutput<typeof migrate>;
export type VariableSettings = v.InferOutput<typeof variable>;
export type BackupSettings = v.InferOutput<typeof backups>;
export type WatchSettings = v.InferOutput<typeof watch>;
export type ChannelSettings = Settings["notify"][number];
export type ImageSettings = v.InferOutput<typeof image>;
export type SourceSettings = Settings["source"];
export type SmokeSettings = v.InferOutput<typeof smoke>;
