const shownDigits = 7;

/** A version is named by the hash of all that is in it; its first digits are enough to tell versions apart. */
export function shortVersion(version: string): string {
  return version.slice(0, shownDigits);
}
