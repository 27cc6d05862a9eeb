import { audit, type Audit } from "./audit.ts";
import { loadModel } from "./model/load.ts";
import type { Model } from "./model/model.ts";
import { rules } from "./rules/index.ts";
import { folderTree } from "./tree/folder.ts";
import type { Tree } from "./tree/tree.ts";

/** A tree, its facts, and what every rule says of them. */
export interface Audited {
  tree: Tree;
  model: Model;
  made: Audit;
}

export function auditTree(tree: Tree): Audited {
  const model = loadModel(tree);
  return { tree, model, made: audit(model, rules) };
}

export function auditFolder(folder: string): Audited {
  return auditTree(folderTree(folder));
}
