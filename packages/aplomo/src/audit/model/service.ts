import type { Place } from "../place.ts";
import type { Dockerfile, Stage } from "../read/dockerfile.ts";
import type { Yaml, YamlEntry } from "../read/yaml.ts";

/** Compose files that docker compose would merge, as one. */
export interface Project {
  files: string[];
  folder: string;
  purpose: "production" | "development" | "unknown";
  /** Variables of the `.env` beside it. */
  env: ReadonlyMap<string, string>;
  /** An env file beside the first compose file, which compose reads by itself. */
  hasEnvFile: boolean;
  services: Service[];
  /** Named volumes at the top. */
  volumes: ReadonlyMap<string, Yaml>;
}

export type ServiceKind = "postgres" | "mysql" | "mongo" | "redis" | "data" | "front" | "tool" | "app";

export interface Service {
  project: Project;
  name: string;
  place: Place;
  /** The merged mapping. */
  node: Yaml;
  keys: ReadonlyMap<string, YamlEntry>;
  kind: ServiceKind;
  /** With variables put in. */
  image: string | undefined;
  context: string | undefined;
  dockerfile: Dockerfile | undefined;
  stage: Stage | undefined;
  environment: ReadonlyMap<string, Setting>;
  envFiles: { path: string; place: Place; required: boolean }[];
  mounts: Mount[];
  ports: Port[];
  dependsOn: { name: string; condition: string | undefined; place: Place; node: Yaml }[];
  healthcheck: { node: Yaml; place: Place; disabled: boolean; test: Launch | undefined } | undefined;
  command: Launch | undefined;
  entrypoint: Launch | undefined;
  profiles: string[];
}

/** A value of `environment`; undefined text: taken from the shell that runs compose. */
export interface Setting {
  text: string | undefined;
  place: Place;
  shared: boolean;
}

export interface Mount {
  kind: "volume" | "bind" | "anonymous" | "tmpfs";
  source: string | undefined;
  target: string;
  place: Place;
}

export interface Port {
  /** The address it is published at; undefined: all of them. */
  host: string | undefined;
  published: string | undefined;
  target: number | undefined;
  place: Place;
  node: Yaml;
}

/** A command as it is written: a list that is executed, or a text that a shell reads. */
export interface Launch {
  form: "exec" | "shell";
  words: string[];
  /** The shell's text; for a list the words, joined. */
  text: string;
  place: Place;
  /** Where the shell's text stands in the file, where it stands there as it is. */
  textStart: number | undefined;
}
