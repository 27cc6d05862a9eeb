import { AplomoError, UsageError } from "../../base/errors.ts";
import { appPaths } from "../../deploy/paths.ts";
import { currentRelease } from "../../deploy/releases.ts";
import { checkSource } from "../../deploy/source-checks.ts";
import { sourceState } from "../../deploy/source.ts";
import { buildImages } from "../../images/build.ts";
import type { GlobalOptions } from "../options.ts";
import { inShell, type Shell } from "../shell.ts";

interface Options {
  force?: boolean;
  here?: boolean;
}

export function run(options: GlobalOptions & Options, services: string[]): Promise<number> {
  return inShell(options, async (shell) => {
    await build(shell, options, services);
    return 0;
  });
}

/** What `deploy --build` does first. */
export async function build(shell: Shell, options: Options, services: readonly string[]): Promise<void> {
  const { ctx } = shell;
  const config = await shell.config();
  const paths = appPaths(ctx.home, config.settings.app);
  const current = await currentRelease(paths);
  // A build takes what the app needs: 47 minutes, and the server was exhausted (I5).
  if (current && !options.here) {
    const cause = `${config.settings.app} runs on this machine (release ${current.id}), and a build would take what it needs`;
    throw new UsageError({ operation: "build", subject: "here", cause, hint: "Build where there is power, or say --here." });
  }
  const { settings } = config;
  for (const { check, message, hint } of await checkSource(ctx, config.directory, null)) {
    if (settings.source[check] === "error") throw new AplomoError({ operation: "build from", subject: "the source", cause: message, hint });
    if (settings.source[check] === "warning") ctx.emit({ type: "warning", message, hint });
  }
  const { commit, dirty, appVersion = null } = await sourceState(ctx, config.directory);
  const origin = { commit, dirty, version: appVersion };
  const images = await buildImages(ctx, config, { root: paths.root, services, force: options.force ?? false, origin });
  shell.result("build", { images: images.map((one) => ({ ...one })) });
}
