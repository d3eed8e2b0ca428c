import { createHash } from 'node:crypto';
import { type ChainLink, readChain, readCut } from '../postgres/audit/entries.ts';
import type { Database } from '../postgres/database.ts';

/** An entry by which a whole audit up to it is known: its position, and its hash in hexadecimal. */
export interface Head {
  readonly position: number;
  readonly hash: string;
}

/** What a look through an audit has found. */
export type Verdict =
  | { readonly ok: true; readonly head: Head }
  /** The first place at which something does not fit. */
  | { readonly ok: false; readonly position: number; readonly reason: string };

const pageSize = 1000;

/**
 * Looks through a tenant's whole audit: whether each entry is as it was written and follows the one before it. Where its
 * beginning was cut off for its age, the first one follows the last that went, and an entry tells of the cut.
 * @param known a head that was noted down earlier; with it, what was cut off at the end or written anew is found too
 */
export async function verifyAudit(database: Database, tenant: string, known?: Head): Promise<Verdict> {
  const { cut, isTold } = await database.asTenants([tenant], (tx) => readCut(tx, tenant));
  const unfounded = unfoundedCut(cut, isTold, known);
  if (unfounded !== undefined) return { ok: false, position: cut.position + 1, reason: unfounded };
  let head = cut;
  for (
    let page = await pageAfter(database, tenant, head);
    page.length > 0;
    page = await pageAfter(database, tenant, head)
  )
    for (const link of page) {
      const reason = misfit(link, head) ?? unlike(link, known);
      if (reason !== undefined) return { ok: false, position: link.position, reason };
      head = { position: link.position, hash: link.hash };
    }
  if (!known || head.position >= known.position) return { ok: true, head };
  const reason = `the audit ends with entry ${head.position}, and once had ${known.position}`;
  return { ok: false, position: head.position + 1, reason };
}

function pageAfter(database: Database, tenant: string, { position }: Head): Promise<ChainLink[]> {
  return database.asTenants([tenant], (tx) => readChain(tx, tenant, position, pageSize));
}

function misfit({ position, text, previous, hash }: ChainLink, before: Head): string | undefined {
  if (position !== before.position + 1) return `entry ${before.position + 1} is missing`;
  if (createHash('sha256').update(text).digest('hex') !== hash) return `entry ${position} is not as it was written`;
  return previous === before.hash ? undefined : `entry ${position} does not follow the one before it`;
}

function unlike({ position, hash }: ChainLink, known: Head | undefined): string | undefined {
  if (position !== known?.position || hash === known.hash) return undefined;
  return `entry ${position} is not the one that was noted down`;
}

/** What is said to have been cut off was, and is nothing that must still be there. */
function unfoundedCut(cut: Head, isTold: boolean, known: Head | undefined): string | undefined {
  if (!isTold) return `the entries up to ${cut.position} are gone, and none tells that they were cut off`;
  if (!known || known.position > cut.position) return undefined;
  if (known.position < cut.position) return `entry ${known.position}, which was noted down, was cut off since`;
  return known.hash === cut.hash ? undefined : `entry ${cut.position} was not the one that was noted down`;
}
