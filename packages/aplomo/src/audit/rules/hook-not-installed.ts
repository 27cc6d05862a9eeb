import { folderOf, nameOf } from "../model/kinds.ts";
import type { Found, Rule } from "../rule.ts";

export const hookNotInstalled: Rule = {
  id: "hook-not-installed",
  title: "a git hook that never runs",
  area: "gates",
  severity: "warning",
  why: "hooks in a folder of the repository do nothing until git is told of it, and one that may not be executed is passed over in silence: a gate everybody believes in is open; nothing breaks by it, hence a warning",
  needs: ["hooks"],
  example: {
    ".githooks/pre-commit": "#!/bin/sh\nset -e\nnpx prettier --check .\n",
    "package.json": '{ "scripts": { «¦"prepare": "git config core.hooksPath .githooks", »"test": "node --test" } }\n',
    ".github/workflows/ci.yml": "jobs: { test: { steps: [{ run: npx prettier --check . }] } }\n",
  },
  check: (model) => {
    const folders = new Map(model.hooks.map((hook) => [folderOf(hook.source.path), hook]));
    return [...folders].flatMap(([folder, hook]): Found[] => {
      const name = nameOf(folder);
      const isHusky = name === ".husky";
      const everything = [...model.sources.values()].filter((source) => !model.hooks.some((one) => one.source === source));
      const installs = isHusky
        ? model.packages.some((one) =>
            [...one.scripts].some(([script, { text }]) => /^(prepare|postinstall|install)$/.test(script) && /husky/.test(text)),
          )
        : everything.some((source) => /core\.hooksPath|\.git\/hooks|simple-git-hooks|hooksPath/.test(source.text));
      if (!isHusky && name === "hooks" && folder !== "hooks" && folder !== "git/hooks" && folder !== "scripts/hooks") return [];
      if (!installs)
        return [
          {
            place: hook.source.at(0),
            message: `nothing tells git of ${folder}: its hooks never run`,
            hint: isHusky
              ? 'add "prepare": "husky" to the scripts of package.json'
              : `add "prepare": "git config core.hooksPath ${folder}" to the scripts of package.json`,
          },
        ];
      // husky's own runner starts them with sh.
      if (isHusky) return [];
      return model.hooks
        .filter((one) => folderOf(one.source.path) === folder && !model.executable.has(one.source.path) && model.executable.size > 0)
        .map((one) => ({
          place: one.source.at(0),
          message: `${one.source.path} may not be executed: git passes it over`,
          hint: `git update-index --chmod=+x ${one.source.path}`,
        }));
    });
  },
};
