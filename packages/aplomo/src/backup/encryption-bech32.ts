/*
 * Bech32 (BIP 173), which age's keys are written in: a prefix, a 1, and data in 32 characters of which six are a checksum, so that a
 * mistyped key is found as such. Without the limit of 90 characters, as age has it.
 */

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

export function encodeBech32(prefix: string, data: Buffer): string {
  const values = regroup([...data], 8, 5, true) ?? [];
  const sum = polymod([...expand(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checksum = [25, 20, 15, 10, 5, 0].map((shift) => (sum >>> shift) & 31);
  return `${prefix}1${[...values, ...checksum].map((value) => alphabet[value]).join("")}`;
}

/** Undefined when the text is not of this kind, or was mistyped. `text` in lower case. */
export function decodeBech32(prefix: string, text: string): Buffer | undefined {
  if (!text.startsWith(`${prefix}1`)) return undefined;
  const values = Array.from(text.slice(prefix.length + 1), (character) => alphabet.indexOf(character));
  if (values.length < 6 || values.includes(-1) || polymod([...expand(prefix), ...values]) !== 1) return undefined;
  const bytes = regroup(values.slice(0, -6), 5, 8, false);
  return bytes && Buffer.from(bytes);
}

function expand(prefix: string): number[] {
  const codes = [...Buffer.from(prefix)];
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, factor] of generator.entries()) if ((top >>> bit) & 1) sum ^= factor;
  }
  return sum >>> 0;
}

/** Groups of bits into groups of another size; undefined when what is left over is not zeros. */
function regroup(values: number[], from: number, to: number, pad: boolean): number[] | undefined {
  const found: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = ((held << from) | value) & 0xfff;
    for (bits += from; bits >= to;) found.push((held >>> (bits -= to)) & ((1 << to) - 1));
  }
  const left = held & ((1 << bits) - 1);
  if (pad && bits > 0) found.push(left << (to - bits));
  return !pad && (bits >= from || left !== 0) ? undefined : found;
}
