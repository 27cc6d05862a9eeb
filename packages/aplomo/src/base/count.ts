/** `1 finding`, `2 findings`; `many` where an s is not enough: counted(2, "entry", "entries"). */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
