import { spoken } from "../voices.ts";

export const moduleMissing = spoken({
  id: "module-missing",
  title: "a dependency is not installed",
  why: "The program imports a package that its folder or image does not hold: it stands under devDependencies, the lock file was not copied, or the last stage of the image copies only a part of node_modules.",
  next: "Add it to the dependencies and build again; in an image of several stages copy it into the last one.",
  patterns: [
    /Cannot find (?:module|package) '((?:@[\w.-]+\/)?[\w-][\w.-]*(?:\/[\w./-]+)?)'/,
    /No module named '?([\w.]+)'?/,
    /cannot load such file -- ([\w/.-]+)/,
  ],
  tell: ([, name]) => ({ message: `it cannot find the package ${name}` }),
});
