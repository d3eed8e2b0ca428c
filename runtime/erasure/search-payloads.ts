import { readPayload } from '../payloads/store.ts';
import type { Database } from '../postgres/database.ts';
import { nextPayloads } from '../postgres/erasure/find-payloads.ts';
import type { StoredPayload } from '../postgres/payloads/payload.ts';
import { type Spelling, spellingsOf } from '../secrets/spellings.ts';
import type { Wanted } from './person-key.ts';

export interface SearchedPayloads {
  /** Ids of those whose content has the value in it, however it is spelled. */
  readonly found: readonly string[];
  /** Ids of those that cannot be looked into: they are no text. */
  readonly closed: readonly string[];
}

/** Before the first. */
const beginning = '00000000-0000-0000-0000-000000000000';

/** Looks through all that a tenant has stored apart: files, long lists, large values. */
export async function searchPayloads(database: Database, tenant: string, { text }: Wanted): Promise<SearchedPayloads> {
  const spellings = spellingsOf(text);
  const found: string[] = [];
  const closed: string[] = [];
  for (let after = beginning; ; ) {
    const payloads = await database.asTenants([tenant], (tx) => nextPayloads(tx, after));
    for (const payload of payloads)
      if (await holds(readPayload(database, payload), spellings, text.length)) found.push(payload.id);
      else if (!isText(payload)) closed.push(payload.id);
    const last = payloads.at(-1);
    if (!last) return { found, closed };
    after = last.id;
  }
}

function isText({ mediaType }: StoredPayload): boolean {
  return /^text\/|[/+](json|xml|x-ndjson|csv|yaml|javascript|edifact)\b/.test(mediaType);
}

/** An escaped character takes up to twelve; a value may stand across two pieces. */
const longestSpelling = 12;

async function holds(
  content: AsyncIterable<Uint8Array>,
  spellings: readonly Spelling[],
  length: number,
): Promise<boolean> {
  const decoder = new TextDecoder();
  let before = '';
  for await (const piece of content) {
    const text = before + decoder.decode(piece, { stream: true });
    if (spellings.some((spelling) => isIn(text, spelling))) return true;
    before = text.slice(-length * longestSpelling);
  }
  return false;
}

function isIn(text: string, { core, pattern }: Spelling): boolean {
  return text.includes(core) && text.search(pattern) >= 0;
}
