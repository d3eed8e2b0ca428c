import { API_KEY_TABLE_NAME, defaultKeyHasher } from '@better-auth/api-key';
import { MillraceError } from '@millrace/contract';
import type { BetterAuth } from './better-auth.ts';

/**
 * A key that could not be looked up counts as a wrong one to better-auth. Whoever shows it must rather hear to come again,
 * also where the database is back by now.
 * @throws {MillraceError} `KEY_NOT_CHECKED` where there is the key
 * @throws {Error} the database’s, where it cannot be asked
 */
export async function requireUnknown(auth: BetterAuth, key: string): Promise<void> {
  const { adapter } = await auth.$context;
  const where = [{ field: 'key', value: await defaultKeyHasher(key) }];
  if ((await adapter.findOne({ model: API_KEY_TABLE_NAME, where })) === null) return;
  const options = { category: 'transient', retryAfter: 1 } as const;
  throw new MillraceError('KEY_NOT_CHECKED', 'The key could not be checked just now; try again.', options);
}
