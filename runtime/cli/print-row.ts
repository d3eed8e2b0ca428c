/** Tab-separated, for people and for `cut`. */
export function printRow(...cells: readonly (string | number | Date)[]): void {
  console.log(cells.map((cell) => (cell instanceof Date ? cell.toISOString() : cell)).join('\t'));
}
