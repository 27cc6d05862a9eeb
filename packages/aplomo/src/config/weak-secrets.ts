const words = "secret|password|passwd|passphrase|token|key|credentials?";
const adjectives =
  "dev|development|test|testing|local|default|dummy|example|sample|my|super|top|some|insecure|the|jwt|session|app|api|admin|django|nextauth|auth";
/** On the value without anything but letters and digits. */
const placeholders = [
  /changeme|changethis|changeit|replaceme|replacethis|replacewith|placeholder|insecure/,
  /^(your|insert|enter|put|paste|add|generate)[a-z]*(here|secret|key|token|password|value|string)\d*$/,
  /^x+$/,
  /^(todo|tbd|fixme|none|null|undefined|nil|empty|example|test|foo|foobar|bar|admin|root|postgres|qwerty|letmein|welcome|hunter2|abc123|12345678?9?0?)$/,
  new RegExp(`^(${adjectives})*(${words})+(${adjectives})*\\d{0,4}$`),
];

/** Whether a secret is one that stands in examples: `changeme`, `your-secret-here`, `dev-secret`, `xxx`, `<token>`. */
export function isPlaceholder(value: string): boolean {
  if (/^\s*(<.*>|\{\{.*\}\}|\$\{.*\}|\[.*\])\s*$/s.test(value)) return true;
  const plain = value.toLowerCase().replace(/[^a-z0-9]/g, "");
  return plain === "" || placeholders.some((pattern) => pattern.test(plain));
}

/** Of a million draws of 16 hexadecimal digits none had less. */
const floorBits = 24;

/** Whether the characters repeat or count up so much that little is left to guess. */
export function isWeak(value: string): boolean {
  const kept = withoutRuns(smallestUnit(value));
  return shannonBits(kept) < floorBits;
}

/** `abab` is `ab` said twice. */
function smallestUnit(text: string): string {
  const length = (text + text).indexOf(text, 1);
  return text.slice(0, length);
}

/** What goes on as the two characters before it did adds nothing: of `aaaa`, `1234` and `dcba` two characters stay. */
function withoutRuns(text: string): string {
  const step = (index: number): number => text.charCodeAt(index) - text.charCodeAt(index - 1);
  const goesOn = (index: number): boolean => index >= 2 && Math.abs(step(index)) <= 1 && step(index) === step(index - 1);
  return text.replace(/./gs, (character: string, index: number) => (goesOn(index) ? "" : character));
}

function shannonBits(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length);
  return bits;
}
