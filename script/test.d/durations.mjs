// A reporter of node:test, beside another: a line for each test or suite when it ends, and the slowest files last, so that who waits
// sees how far it is, and who shortens the run knows where. (Files run side by side and are told in order: a clock would be wrong.)
import { relative } from "node:path";

// oxlint-disable-next-line import/no-default-export -- it is what node:test takes
export default async function* durations(source) {
  const files = new Map();
  for await (const { type, data } of source) {
    if (!data?.file || !/^test:(pass|fail)$/.test(type)) continue;
    const file = files.get(data.file) ?? { ms: 0, passed: 0, failed: 0, skipped: 0 };
    files.set(data.file, file);
    const skipped = data.skip !== undefined && data.skip !== false;
    if (data.details.type !== "suite") file[skipped ? "skipped" : type === "test:fail" ? "failed" : "passed"] += 1;
    if (data.nesting !== 0) continue;
    file.ms += data.details.duration_ms;
    if (!skipped)
      yield `${type === "test:fail" ? "FAILED" : "passed"} ${seconds(data.details.duration_ms)} ${short(data.file)}: ${data.name}\n`;
  }
  const slowest = [...files].sort(([, a], [, b]) => b.ms - a.ms).slice(0, 30);
  yield "slowest files:\n";
  for (const [file, { ms, passed, failed, skipped }] of slowest)
    yield `${seconds(ms)} ${short(file)}: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}

const seconds = (ms) => `${(ms / 1000).toFixed(0).padStart(5)} s`;
const short = (file) => relative(process.cwd(), file).replace(/^(\.cache\/js\/)?packages\/|\.test\.[jt]s$/g, "");
