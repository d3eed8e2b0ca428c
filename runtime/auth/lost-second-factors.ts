import type { Author } from '../postgres/audit/author.ts';
import type { Database } from '../postgres/database.ts';
import { type BetterAuth, versionOf } from './better-auth.ts';
import { notedInEach } from './noted.ts';
import { emailOf } from './passwords.ts';
import { removeSecondFactor } from './second-factor.ts';
import { tenantsOf } from './tenant-accounts.ts';

/** Second factors that are encrypted under a master key. */
export interface LostSecondFactors {
  /** Addresses of the accounts that have one. */
  under(keyId: string): Promise<string[]>;
  /** Takes them off, with an entry in the audit of each tenant of the account: the password alone opens it from then on. */
  giveUp(keyId: string, author: Author): Promise<void>;
}

export function openLostSecondFactors(auth: BetterAuth, database: Database): LostSecondFactors {
  async function usersUnder(keyId: string): Promise<string[]> {
    const { adapter } = await auth.$context;
    const where = [{ field: 'secret', operator: 'starts_with', value: `$ba$${versionOf(keyId)}$` }] as const;
    const found = await adapter.findMany<{ userId: string }>({ model: 'twoFactor', where: [...where], limit: 100_000 });
    return found.map(({ userId }) => userId);
  }

  return {
    async under(keyId) {
      return Promise.all((await usersUnder(keyId)).map((id) => emailOf(auth, id)));
    },
    async giveUp(keyId, author) {
      for (const id of await usersUnder(keyId)) {
        const after = { secondFactor: false, givenUpWithKey: keyId };
        const change = { action: 'session.edit', target: `members/${id}`, after } as const;
        await notedInEach(database, author, await tenantsOf(auth, id), change, () => removeSecondFactor(auth, id));
      }
    },
  };
}
