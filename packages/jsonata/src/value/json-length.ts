/**
 * About how long a value is as JSON text, in characters; counting ends beyond `most`. A result may share parts: an
 * expression of a few lines can give a value of a few kilobytes whose JSON would fill a disk.
 */
export function jsonLength(value: unknown, most: number): number {
  const open: unknown[] = [value];
  let length = 0;
  while (open.length > 0 && length <= most) {
    const next = open.pop();
    if (typeof next === 'string') length += next.length + 2;
    else if (typeof next !== 'object' || next === null) length += 5;
    else if (Array.isArray(next)) {
      length += 2 + next.length;
      for (const item of next) open.push(item);
    } else {
      length += 2;
      for (const [name, inner] of Object.entries(next)) {
        length += name.length + 4;
        open.push(inner);
      }
    }
  }
  return length;
}
