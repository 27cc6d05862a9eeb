/** Words that an English sentence can hardly do without, and no Spanish one has. */
const words =
  /(?<![\p{L}\d.`/'"_-])(the|is|are|was|were|and|of|to|with|not|its?|that|which|who|whose|from|for|nothing|nobody|cannot|when|then|has|have|had|been|by|this|these|those|an|on|does|what|where|there|into|only|other|than|after|before|while|until|yet|any|without|already)(?![\p{L}\d`/'"_-])/iu;

/** The first English word in a text, beside what was typed: in backticks or quotes, or a key with its value. */
export function leftOver(text: string): string | undefined {
  return words.exec(text.replace(/\b[A-Z]{2,}\b|`[^`]*`|"[^"]*"|'[^']*'|\$\{[^}]*\}|\b\w+: [\w-]*[_-][\w-]*/g, "X"))?.[0];
}
