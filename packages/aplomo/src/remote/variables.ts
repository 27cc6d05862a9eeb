import type { Config } from "../config/config.ts";

/** What every shell has of its own, and what belongs to the programs of one machine. */
const own =
  /^(PATH|HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|TERM|LANG|TMPDIR|HOSTNAME|TZ|LC_\w+|DOCKER_\w+|COMPOSE_\w+|SSH_\w+|APLOMO_\w+|NODE_\w+|XDG_\w+)$/;

/** The variables that aplomo.yml (its `text`) takes from the shell that runs Aplomo: they exist here alone, so that they must go along. */
export function shellVariables(config: Config, text: string, shell: NodeJS.ProcessEnv): Record<string, string> {
  const named = [...text.matchAll(/\$\{([A-Za-z_]\w*)/g)].map((match) => match[1] ?? "");
  const taken = new Set([...named, ...Object.keys(config.settings.env.require)]);
  const found: Record<string, string> = {};
  for (const name of taken) {
    const value = shell[name];
    const inFile = (config.environment.get(name)?.origin ?? "environment") !== "environment";
    if (value !== undefined && !inFile && !own.test(name)) found[name] = value;
  }
  return found;
}
