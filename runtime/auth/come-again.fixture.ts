import { isLostConnection } from '../postgres/database-error.ts';

/** Whoever signs in hears that the database cannot be reached or that the key could not be checked: not that it is wrong. */
export function asksToComeAgain(thrown: unknown): boolean {
  return isLostConnection(thrown) || (thrown as { code?: string }).code === 'KEY_NOT_CHECKED';
}
