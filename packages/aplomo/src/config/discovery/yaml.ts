/** A text as YAML; `$` is doubled, so that nothing of the user's own files is taken for a variable. */
export function scalar(value: string): string {
  return quoted(value.replaceAll("$", "$$$$"));
}

/** As it is, variables included. */
export function quoted(value: string): string {
  const plain = /^[A-Za-z_./-][\w./=-]*(:[\w./=-]+)*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n|~|-|\.)$/i.test(value);
  return plain || /^\$\{\w+\}$/.test(value) ? value : JSON.stringify(value);
}

export function flow(values: readonly string[]): string {
  return `[${values.map(scalar).join(", ")}]`;
}

/** What a person has to look at carries this mark. */
export const mark = " # ?";
