import type { Path } from "./problem.ts";
import { holdsPassword, looksSecret } from "./secrecy.ts";
import { found, list, mapping, placeOf, tell, valueAt } from "./tell.ts";
import type { Tree } from "./tree.ts";

/** Nothing secret stands in a file that is kept with the code. */
export function checkSecrets(tree: Tree): void {
  const rules = mapping(tree, ["env", "require"]);
  const isSecret = (name: string): boolean => looksSecret(name) || mapping(tree, ["env", "require", name])["secret"] === true;
  for (const [key, place] of tree.places) {
    const path = JSON.parse(key) as Path;
    const bad = place.variables.find((variable) => variable.hasDefault && isSecret(variable.name));
    if (!bad) continue;
    tell(tree, path, `gives the secret ${bad.name} a default, which runs unnoticed when it is not set`, `Write \${${bad.name}}`);
  }
  for (const name of Object.keys(mapping(tree, ["databases"]))) {
    const path = ["databases", name, "url"];
    const { written } = placeOf(tree, path);
    const url = written ?? valueAt(tree.value, path);
    if (typeof url !== "string" || !holdsPassword(url)) continue;
    tell(
      tree,
      path,
      `is ${found(tree, path)}, with a password that everyone with the code can read`,
      "Put it in the env file and write ${DATABASE_URL} here",
    );
  }
  for (const index of list(tree, ["backups", "copy_to"]).keys()) {
    const path = ["backups", "copy_to", index, "secret_key"];
    if (typeof valueAt(tree.value, path) !== "string" || placeOf(tree, path).written !== null) continue;
    tell(tree, path, "is a secret that everyone with the code can read", "Put it in the env file and write ${BACKUP_SECRET_KEY} here");
  }
  for (const name of Object.keys(rules)) {
    if (!isSecret(name)) continue;
    for (const key of ["equals", "one_of"]) {
      const path = ["env", "require", name, key];
      if (!(key in mapping(tree, ["env", "require", name]))) continue;
      tell(tree, path, "would have the value of a secret in this file", "Use min_length or pattern", "key");
    }
  }
  const derived = list(tree, ["derive"]).map((_, index): Path => ["derive", index]);
  const jobs: Path[] = [["migrate"], ["seed"], ...derived];
  for (const job of jobs) {
    for (const [name, value] of Object.entries(mapping(tree, [...job, "env"]))) {
      const path = [...job, "env", name];
      if (!isSecret(name) || value === "" || placeOf(tree, path).written !== null) continue;
      tell(tree, path, "is a secret written in this file", `Put it in the env file and write \${${name}} here`);
    }
  }
}
