const number = /[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;

/** The digits of a number that stands in the text up to a position, as they are written there. */
export function numberText(text: string, position: number, isNegative: boolean): string | undefined {
  const found = number.exec(text.slice(Math.max(0, position - 400), position))?.[0];
  return found === undefined ? undefined : (isNegative ? '-' : '') + found;
}
