import assert from "node:assert/strict";
import { it } from "node:test";
import { parseEnvFile } from "../../../src/config/env-file.ts";

const good: [name: string, text: string, values: Record<string, string>][] = [
  ["plain values", "A=1\nB_2=two words\n_c=x=y\n", { A: "1", B_2: "two words", _c: "x=y" }],
  ["empty values", "A=\nB= \nC=''\nD=\"\"", { A: "", B: "", C: "", D: "" }],
  ["spaces around", "  A = 1  \n\tB=2\t\n", { A: "1", B: "2" }],
  ["export", "export A=1\nexport\tB=2\nexport=3", { A: "1", B: "2", export: "3" }],
  ["comments", "# one\n  # two\nA=1 # three\nB=a#b\nC= # nothing\nD='x' # four\n", { A: "1", B: "a#b", C: "", D: "x" }],
  ["single quotes", "A='a \"b\" \\n $C # d'\n", { A: 'a "b" \\n $C # d' }],
  ["double quotes", 'A="a \'b\' \\n\\t\\"\\\\\\$ \\q # d"\n', { A: "a 'b' \n\t\"\\$ \\q # d" }],
  ["several lines", "A=\"one\ntwo\"\nB='three\n\nfour' # x\nC=5\n", { A: "one\ntwo", B: "three\n\nfour", C: "5" }],
  ["a dollar sign is a dollar sign", 'A=$B${C}\nD="$E"\n', { A: "$B${C}", D: "$E" }],
  ["line ends of Windows and a byte order mark", '\uFEFFA=1\r\nB="x\r\ny"\r\n\r\nC=3', { A: "1", B: "x\ny", C: "3" }],
  ["nothing", "\n\n# only this", {}],
];

for (const [name, text, values] of good) {
  it(`parseEnvFile reads ${name}`, () => {
    const { variables, faults } = parseEnvFile(text);
    assert.deepEqual(faults, []);
    assert.deepEqual(Object.fromEntries([...variables].map(([key, { value }]) => [key, value.reveal()])), values);
  });
}

it("parseEnvFile keeps the line of each variable", () => {
  const { variables } = parseEnvFile('\nA="x\n\ny"\n# c\nB=1\n');
  assert.deepEqual(
    [...variables].map(([name, { line }]) => [name, line]),
    [
      ["A", 2],
      ["B", 6],
    ],
  );
});

const bad: [name: string, text: string, faults: string[]][] = [
  ["a line without =", "A=1\nnonsense\n", ["2:1 the line has no ="]],
  ["a bad name", "1A=x\nB-C=x\n=x\n", ["1:1 what stands before", "2:1 what stands before", "3:1 what stands before"]],
  ["a name twice", "A=1\nB=2\nexport A=3\nA=4\n", ["3:1 A is set twice, first in line 1", "4:1 A is set twice, first in line 1"]],
  ["an unclosed quote, and goes on after it", "A='x\nB=1\nnonsense\n", ["1:3 A has a ' that is never closed", "3:1 the line has no ="]],
  ["text after a quote", "A='x'y\nB=\"a\nb\" c\nC=1\nnonsense", ["1:6 A has text after", "3:3 B has text after", "5:1 the line has no ="]],
  ["a value that may be a comment", "A=#fff\n", ["1:3 A begins with #"]],
];

for (const [name, text, expected] of bad) {
  it(`parseEnvFile finds ${name}`, () => {
    const said = parseEnvFile(text).faults.map((fault) => `${fault.line}:${fault.column} ${fault.message}`);
    assert.deepEqual(
      said.map((line, index) => line.slice(0, expected[index]?.length)),
      expected,
    );
  });
}
