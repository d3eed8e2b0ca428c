/** A `to` of a field map and the names in it. */
const plainName = /^[^."\s](?:[^."]*[^."\s])?$/;
const segment = /(?:"(?:[^"\\]|\\.)*"|[^."]+)(?=\.|$)/y;

/** Writes names as a target: `header.order_date`, `header."a.b"`. */
export function targetOf(names: readonly string[]): string {
  return names.map((name) => (plainName.test(name) ? name : JSON.stringify(name))).join('.');
}

/** The names of a target; nothing where the text is no target. The empty text has no names. */
export function namesOf(to: string): string[] | undefined {
  const names: string[] = [];
  for (let at = 0; at < to.length || names.length > 0; at++) {
    segment.lastIndex = at;
    const name = nameOf(segment.exec(to)?.[0]);
    if (name === undefined) return undefined;
    names.push(name);
    at = segment.lastIndex;
    if (at >= to.length) return names;
  }
  return names;
}

function nameOf(written: string | undefined): string | undefined {
  if (!written?.startsWith('"')) return written;
  try {
    return JSON.parse(written) as string;
  } catch {
    return undefined;
  }
}

/** JSON Pointer of names; `*` as a name stands for the index in a list. */
export function pointerOf(names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
