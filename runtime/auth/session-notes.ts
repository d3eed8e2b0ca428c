import type { Author } from '../postgres/audit/author.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import type { Database } from '../postgres/database.ts';

/** How somebody has signed in. */
export type SignInWay = 'password' | 'single sign-on';

/** A tenant's audit tells who has signed in to it. */
export async function noteSignIn(database: Database, author: Author, tenant: string, way: SignInWay): Promise<void> {
  const target = `members/${author.id}`;
  await database
    .by(author)
    .asTenants([tenant], (tx) => noteChange(tx, { tenant, action: 'session.begin', target, after: { by: way } }));
}

/** Somebody who was not let in. */
export interface Refused {
  /** As they have given it, or their provider. */
  readonly email: string;
  readonly address: string | null;
  /** Of the error. */
  readonly code: string;
}

/** And who was refused. */
export async function noteRefusal(
  database: Database,
  tenants: readonly string[],
  { email, address, code }: Refused,
): Promise<void> {
  const author: Author = { who: email, id: null, by: 'person', address };
  for (const tenant of tenants)
    await database
      .by(author)
      .asTenants([tenant], (tx) =>
        noteChange(tx, { tenant, action: 'session.refuse', target: 'session', after: { email, refused: code } }),
      );
}
