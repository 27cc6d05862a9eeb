/** MongoDB's own driver, which only who has such a database should wait for. Bundled, it has nothing but a default export. */
export async function driver(): Promise<typeof import("mongodb")> {
  return (await import("mongodb")).default;
}
