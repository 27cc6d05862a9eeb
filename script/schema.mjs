// Writes what is made from sources: from the configuration's schema and examples the JSON Schema for editors and docs/CONFIGURATION.md, and
// from the doctor's rules docs/TROUBLESHOOTING.md, in English and in Spanish. A unit test holds that all are up to date.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { build } from "esbuild";
import { format } from "oxfmt";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const room = join(root, "packages/aplomo/src/config");
const doctor = join(root, "packages/aplomo/src/doctor");
const languages = join(root, "packages/aplomo/src/report/lang");

/** The generated files: path from the repository's folder, and content. */
export async function generate() {
  const { schema, everyKey, unwrap, describe, isOptional } = await load(
    room,
    'export * from "./shape.ts"; export { schema } from "./schema.ts";',
  );
  const { page: rules } = await load(doctor, 'export * from "./explain.ts";');
  const { sayIn } = await load(languages, 'export * from "./language.ts";');
  const template = async (name, made) => (await readFile(join(doctor, name), "utf8")).replace("{{rules}}", () => made);
  const json = jsonSchema(schema);
  const page = await configurationPage(everyKey().map((key) => row(key, { unwrap, describe, isOptional })));
  const options = JSON.parse(await readFile(join(root, ".oxfmtrc.json"), "utf8"));
  const { code } = await format("aplomo.schema.json", JSON.stringify(json), { printWidth: options.printWidth });
  return [
    { path: "packages/aplomo/aplomo.schema.json", content: code },
    { path: "docs/CONFIGURATION.md", content: page },
    { path: "docs/TROUBLESHOOTING.md", content: await template("page.md", rules()) },
    { path: "docs/es/SOLUCION-DE-PROBLEMAS.md", content: await template("page.es.md", rules(await sayIn("es"))) },
  ];
}

/** The sources are TypeScript, which not every Node runs by itself. */
async function load(folder, entry) {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: folder, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

function jsonSchema(schema) {
  const converted = toJsonSchema(schema, { typeMode: "input", target: "draft-07" });
  const { $schema, ...rest } = allowVariables(converted);
  return {
    $schema,
    $id: "https://unpkg.com/aplomo/aplomo.schema.json",
    title: "aplomo.yml",
    description: "How Aplomo deploys an application and keeps its data; see docs/CONFIGURATION.md.",
    ...rest,
    definitions: { variable: { type: "string", pattern: "\\$\\{[A-Za-z_]\\w*(:[-?][^}]*)?\\}", title: "${VARIABLE}" } },
  };
}

/** An editor sees `${PORT}` where the loader sees its value: whatever is more than plain text may be a variable too. */
function allowVariables(node) {
  const { description, default: fallback, ...rest } = node;
  if (rest.required?.length === 0) delete rest.required;
  if (rest.properties) rest.properties = mapValues(rest.properties, allowVariables);
  for (const key of ["items", "additionalProperties"]) if (typeof rest[key] === "object") rest[key] = allowVariables(rest[key]);
  if (rest.oneOf) rest.oneOf = rest.oneOf.map(allowVariables);
  const strict = ["number", "integer", "boolean"].includes(rest.type) || "pattern" in rest || "format" in rest;
  const choices = rest.anyOf ?? (strict ? [rest] : undefined);
  const body = choices ? { anyOf: [...choices, { $ref: "#/definitions/variable" }] } : rest;
  return { ...(description && { description }), ...body, ...(fallback !== undefined && { default: fallback }) };
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

async function configurationPage(rows) {
  const template = await readFile(join(room, "examples/page.md"), "utf8");
  const parts = template.split(/^\{\{(.+)\}\}$/m);
  const texts = parts.map(async (part, index) => {
    if (index % 2 === 0) return part;
    if (part === "keys") return ["| key | value | default | |", "|---|---|---|---|", ...rows].join("\n");
    const example = await readFile(join(room, "examples", part), "utf8");
    const body = example.replace(/^# yaml-language-server.*\n#\n/, "");
    return `\`\`\`${part.endsWith(".env") ? "sh" : "yaml"}\n${body.trimEnd()}\n\`\`\``;
  });
  return (await Promise.all(texts)).join("");
}

function row({ path, shape, kind }, { unwrap, describe, isOptional }) {
  const fallback = shape.default;
  const simple = typeof fallback === "string" || typeof fallback === "number" || typeof fallback === "boolean";
  const value = isOptional(shape) ? (simple ? `\`${fallback}\`` : "") : "*required*";
  const name = `\`${path}\`${kind === null || path.endsWith(".kind") ? "" : ` (${kind})`}`;
  return `| ${name} | ${typeName(unwrap(shape), unwrap)} | ${value} | ${(describe(shape) ?? "").replaceAll("|", "\\|")} |`;
}

function typeName(shape, unwrap) {
  if (shape.literal !== undefined) return `\`${shape.literal}\``;
  if (shape.type === "picklist") return shape.options.map((word) => `\`${word}\``).join(", ");
  if (shape.type === "union") return "duration";
  if (shape.type === "array") return `list of ${typeName(unwrap(shape.item), unwrap)}`;
  const names = { string: "text", number: "number", boolean: "`true`, `false`" };
  return names[shape.type] ?? "mapping";
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { path, content } of await generate()) await writeFile(join(root, path), content);
}
