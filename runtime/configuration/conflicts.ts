import type { Json } from '@millrace/contract';
import { lastChange } from '../postgres/audit/last-change.ts';
import type { Tx } from '../postgres/database.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { PartChange } from './changes.ts';
import { digestOf } from './configuration.ts';
import type { Kind, PresentPart } from './kind.ts';
import type { PartConflict } from './plan.ts';
import type { Present } from './read.ts';

/** Part → digests of those of its states that whoever pushes has seen: what is pushed was made of them. */
export type Known = Readonly<Record<string, readonly string[]>>;

/** What tells whether somebody has changed a part. */
export function watchedDigest({ watched, canonical }: Kind, value: Json): string {
  const form = canonical(value);
  return digestOf(watched ? watched(form) : form);
}

/** Changes of parts that are not as whoever pushes has seen them. */
export async function conflictsOf(
  tx: Tx,
  tenant: Tenant,
  { changes, present, known }: { changes: readonly PartChange[]; present: Present; known: Known },
): Promise<PartConflict[]> {
  const unseen = changes.filter((change) => isUnseen(change, known[change.part] ?? []));
  return Promise.all(
    unseen.map(({ part, kind }) => conflictOf(tx, tenant, part, kind, present.get(part) as PresentPart)),
  );
}

/** What is changed, and watched, was changed by somebody else as well. */
function isUnseen({ kind, before, after }: PartChange, known: readonly string[]): boolean {
  if (before === undefined) return false;
  const digest = watchedDigest(kind, before);
  return !known.includes(digest) && (after === undefined || watchedDigest(kind, after) !== digest);
}

async function conflictOf(
  tx: Tx,
  tenant: Tenant,
  part: string,
  kind: Kind,
  { target, environment, value }: PresentPart,
): Promise<PartConflict> {
  const last = await lastChange(tx, tenant.id, { target, action: kind.action, environment });
  const message = last
    ? `${last.who} has changed “${part}” at ${last.at.toISOString()}, and that is not in what is pushed.`
    : `“${part}” is there already, and not as it is pushed.`;
  return { part, digest: watchedDigest(kind, value), who: last?.who ?? null, at: last?.at ?? null, message };
}
