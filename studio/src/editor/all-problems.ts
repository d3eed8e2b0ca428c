import type { Problem } from '@millrace/contract';

/** What was found wrong with a document, here and by the server. */
export interface Checked {
  readonly here: readonly Problem[];
  readonly server: readonly Problem[];
}

/**
 * All problems of a document that is being edited: those that are found here at once, and those that only the server could
 * find in the document that it saw last.
 * @param here of the document as it is now
 * @param last of the document that the server saw last, checked on both sides
 */
export function allProblems(here: readonly Problem[], last: Checked): Problem[] {
  const known = new Set(last.here.map(nameOf));
  return [...here, ...last.server.filter((problem) => !known.has(nameOf(problem)))];
}

function nameOf({ code, pointer, message }: Problem): string {
  return `${code} ${pointer} ${message}`;
}
