import type { Identity } from '../auth/auth.ts';

/** Who has done something, for people: the name of the signed-in person, or of the API key. */
export function whoOf({ author }: Identity): string {
  return author.name;
}
