/**
 * Whether a name fits a pattern: `*` stands for any characters, `?` for one. Upper and lower case are the same, and so
 * are the Unicode spellings of a name. Time grows with the product of the lengths, whatever the pattern: after a
 * mismatch only the last `*` takes one character more, because an earlier one can win nothing by it.
 */
export function fitsGlob(pattern: string, name: string): boolean {
  const wanted = charactersOf(pattern);
  const given = charactersOf(name);
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < given.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (wanted[at] === '?' || (at < wanted.length && wanted[at] === given[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return wanted.slice(at).every((character) => character === '*');
}

function charactersOf(text: string): string[] {
  return Array.from(text.normalize('NFC').toLowerCase());
}
