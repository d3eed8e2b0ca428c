/** The token of the link that leads here: behind the #, which browsers send to no server. */
export function linkToken(): string {
  return location.hash.slice(1);
}
