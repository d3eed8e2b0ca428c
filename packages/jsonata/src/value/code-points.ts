/** Without a surrogate each UTF-16 unit is a character, and JavaScript's own functions do. */
const surrogate = /[\ud800-\udfff]/;

/** Length in characters, surrogate pairs counted once. */
export function lengthOf(text: string): number {
  if (!surrogate.test(text)) return text.length;
  let count = 0;
  for (const _character of text) count++;
  return count;
}

/** As `String.prototype.slice`, counted in characters. */
export function sliceOf(text: string, from: number, to?: number): string {
  return surrogate.test(text) ? Array.from(text).slice(from, to).join('') : text.slice(from, to);
}
