/** The value of a variable, or undefined when nothing sets it. */
export type Lookup = (name: string) => string | undefined;

/** A text with its variables put in. */
export interface Substituted {
  text: string;
  /** The variables it names. */
  variables: { name: string; hasDefault: boolean }[];
  /** Why it could not be done; the text is then of no use. Holds names, never values. */
  faults: SubstitutionFault[];
}

export interface SubstitutionFault {
  kind: "unset" | "syntax";
  message: string;
  hint: string;
}

const marks = /\$(?:\$|\{([^}]*)\}|\{|([A-Za-z_]\w*))/g;
const body = /^([A-Za-z_]\w*)(?:(:\?|:-)(.*))?$/s;
const forms = "Write ${NAME}, ${NAME:?message} or ${NAME:-default}, and $$ for a dollar sign";

/** Puts variables into `${NAME}`, `${NAME:?message}` and `${NAME:-default}`; `$$` is a dollar sign. Empty counts as unset. */
export function substitute(text: string, lookup: Lookup): Substituted {
  const variables: Substituted["variables"] = [];
  const faults: SubstitutionFault[] = [];
  const result = text.replace(marks, (mark: string, inner: string | undefined, bare: string | undefined) => {
    if (mark === "$$") return "$";
    if (bare !== undefined) {
      faults.push({
        kind: "syntax",
        message: `has $${bare} without braces`,
        hint: `Write \${${bare}}, or $$${bare} when the dollar sign is meant`,
      });
      return "";
    }
    const match = body.exec(inner ?? "");
    if (!match || match[3]?.includes("${")) {
      faults.push({ kind: "syntax", message: "has a ${...} that cannot be understood", hint: forms });
      return "";
    }
    const [, name = "", operator, argument = ""] = match;
    variables.push({ name, hasDefault: operator === ":-" && argument !== "" });
    const value = lookup(name);
    if (value !== undefined && value !== "") return value;
    if (operator === ":-") return argument;
    const why = argument.trim() === "" ? "" : `: ${argument.trim()}`;
    faults.push({ kind: "unset", message: `needs ${name}, which is ${value === "" ? "empty" : "not set"}${why}`, hint: `Set ${name}` });
    return "";
  });
  return { text: result, variables, faults };
}
