import { wordsOf } from "../model/words.ts";
import type { Found, Rule } from "../rule.ts";

export const hookOnlyGate: Rule = {
  id: "hook-only-gate",
  title: "the only gate is on each developer's machine",
  area: "gates",
  severity: "info",
  why: "`git commit --no-verify`, a merge in the browser or a fresh clone goes past a hook; what must hold has to be checked where nobody can skip it; the hook still helps, hence info",
  needs: ["hooks"],
  example: {
    ".githooks/pre-push": "#!/bin/sh\nset -e\nnpm test\n",
    Makefile: "hooks:\n\tgit config core.hooksPath .githooks\n",
    "package.json": '{ "scripts": { "test": "node --test" } }\n',
    ".github/workflows/ci.yml": "jobs: { publish: { steps: [{ run: «echo done¦npm test» }] } }\n",
  },
  check: (model) => {
    const checks = model.hooks.flatMap((hook) =>
      hook.commands
        .filter((command) =>
          /^(npm|pnpm|yarn|bun) (run )?(test|lint|check|types?|typecheck|build)\b|^(eslint|tsc|vitest|jest|pytest|ruff|mypy|prettier|go test|cargo test)\b/.test(
            wordsOf(command).join(" "),
          ),
        )
        .map((command) => ({ hook, command })),
    );
    const [first] = checks;
    if (!first) return [];
    const inPipeline = [
      ...model.workflows.map(({ source }) => source.text),
      ...[...model.paths]
        .filter((path) =>
          /^(\.gitlab-ci\.yml|Jenkinsfile|\.circleci\/config\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.drone\.yml|\.travis\.yml|\.woodpecker)/.test(
            path,
          ),
        )
        .map(() => "test lint check"),
    ].join("\n");
    if (/\b(test|lint|check|vitest|jest|pytest|tsc|prettier|ruff|eslint)\b/.test(inPipeline)) return [];
    return [
      {
        place: first.command.place,
        message: "what this hook checks is checked nowhere else",
        hint: "run the same command in a CI workflow for every pull request",
      } satisfies Found,
    ];
  },
};
