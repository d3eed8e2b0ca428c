import type { Identity } from '../auth/auth.ts';

/** Who has done something, for people: the signed-in person, or what speaks for the tenant by a key. */
export function whoOf({ user }: Identity): string {
  return user?.name ?? 'the API';
}
