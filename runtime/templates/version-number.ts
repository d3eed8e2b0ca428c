/** Whole numbers between dots, as publishers number versions. */
export const versionNumber = '^\\d{1,6}(\\.\\d{1,6}){0,3}$';

/** Whether a version comes after another; `1.0` does not come after `1`. */
export function isNewer(version: string, than: string): boolean {
  const [later, earlier] = [partsOf(version), partsOf(than)];
  const at = [0, 1, 2, 3].find((place) => later[place] !== earlier[place]);
  return at !== undefined && (later[at] ?? 0) > (earlier[at] ?? 0);
}

/** The number where the publisher says none: the next whole one. */
export function numberAfter(newest: string | undefined): string {
  return String((partsOf(newest ?? '0')[0] ?? 0) + 1);
}

function partsOf(version: string): readonly number[] {
  return [...version.split('.').map(Number), 0, 0, 0].slice(0, 4);
}
