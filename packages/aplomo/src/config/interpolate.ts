/** A `${...}` of a compose file. */
export interface Variable {
  name: string;
  /** `:-`, `-`, `:?`, `?`, `:+`, `+`; undefined: none. */
  operator: string | undefined;
  argument: string;
  start: number;
  end: number;
}

/** The variables of a text, as compose reads them: `$NAME`, `${NAME}`, `${NAME:-default}`; `$$` is a dollar sign. */
export function variablesIn(text: string): Variable[] {
  const found: Variable[] = [];
  for (let at = text.indexOf("$"); at !== -1 && at < text.length; at = text.indexOf("$", at)) {
    if (text[at + 1] === "$") {
      at += 2;
      continue;
    }
    const plain = /^\$([A-Za-z_]\w*)/.exec(text.slice(at, at + 200));
    if (plain) {
      found.push({ name: plain[1] ?? "", operator: undefined, argument: "", start: at, end: at + plain[0].length });
      at += plain[0].length;
      continue;
    }
    const head = /^\$\{([A-Za-z_]\w*)(:?[-?+])?/.exec(text.slice(at, at + 200));
    const end = head ? closing(text, at + 2) : -1;
    if (!head || end === -1) {
      at++;
      continue;
    }
    const argument = text.slice(at + head[0].length, end);
    found.push({ name: head[1] ?? "", operator: head[2], argument, start: at, end: end + 1 });
    at = end + 1;
  }
  return found;
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === "{" && text[index - 1] === "$") depth++;
    else if (text[index] === "}" && --depth === 0) return index;
    else if (text[index] === "\n") return -1;
  }
  return -1;
}

/** A text with its variables put in; what is not set is nothing. */
export function expand(text: string, env: ReadonlyMap<string, string>, depth = 0): string {
  let made = "";
  let from = 0;
  for (const variable of variablesIn(text)) {
    made += text.slice(from, variable.start);
    from = variable.end;
    const value = env.get(variable.name);
    const given = value !== undefined && (value !== "" || !variable.operator?.startsWith(":"));
    const other = (): string => (depth < 8 ? expand(variable.argument, env, depth + 1) : "");
    if (variable.operator?.endsWith("+")) made += given ? other() : "";
    else if (given) made += value;
    else if (variable.operator?.endsWith("-")) made += other();
  }
  return (made + text.slice(from)).replaceAll("$$", "$");
}
