/**
 * What a test cannot do without. Gives the value for `skip`: false when it is there, else the reason.
 * With `CI` set an absent thing is a failure: a check that silently did not run is not a check.
 *
 *     test("...", { skip: need(binaries !== undefined, "no PostgreSQL server binaries") }, async () => {});
 */
export function need(condition: boolean, reason: string): false | string {
  if (condition) return false;
  if (process.env["CI"]) throw new Error(`needed with CI set, but absent: ${reason}`);
  return reason;
}
