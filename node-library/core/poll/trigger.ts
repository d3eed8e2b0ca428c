import { createHash } from 'node:crypto';
import { AnyJson, defineTrigger, durationMs, isObject, type Json, writeJson } from '@millrace/contract';
import type { HttpConnection } from '../http-connection/config.ts';
import { PollConfig } from './config.ts';
import { type HttpPoll, type Page, pagesOf } from './pages.ts';

export default defineTrigger<typeof PollConfig, HttpConnection | undefined>({
  id: 'core/poll',
  version: 1,
  title: 'Poll by HTTP',
  summary: 'Asks another system again and again for what is new, and starts a run for each item.',
  docs: `The address is asked by GET. Its items start runs in the order in which they come; the cursor is kept only when all of
them are durable. After a failure in the middle the same items are read again, and recognised by their event id: it should
name the item and its state (\`id & "/" & changed_at\`). Without an event id the whole content is the id, so that an item that did
not change starts no second run.

Without a cursor everything is read at every poll. Paging follows a link, counts pages, or counts items. The next page must be
in the same system. Answers may be JSON or XML, up to 10 MB each.`,
  icon: 'refresh',
  connection: 'core/http',
  connectionOptional: true,
  config: PollConfig,
  outputs: { out: AnyJson },
  activation: ({ every }) => ({ kind: 'source', everyMs: durationMs(every ?? 'PT1M') }),
  poll,
  examples: [
    {
      title: 'Orders that were changed since the last poll, page by page',
      config: {
        url: 'https://erp.example.com/api/orders',
        query: { limit: 100 },
        items: 'body.orders',
        eventId: 'id & "/" & changed_at',
        cursor: { parameter: 'changed_since', next: '$sort(items.changed_at)[-1]', firstPoll: 'now' },
        paging: { by: 'link', next: 'body.next' },
        every: 'PT5M',
      },
      payload: { id: 'D-1001', changed_at: '2026-03-02T09:30:00Z', status: 'approved' },
    },
    {
      title: 'A stock list, whose changed lines start runs',
      config: { url: 'https://warehouse.example.com/stock', every: 'PT1H' },
      payload: { sku: 'A-1', quantity: 40 },
    },
  ],
});

async function poll(config: PollConfig, ctx: HttpPoll): Promise<void> {
  const saved = isObject(ctx.cursor) ? ctx.cursor.value : undefined;
  const start: Json = saved ?? config.cursor?.start ?? null;
  const isFirst = saved === undefined;
  const skips = isFirst && config.cursor?.firstPoll === 'now';
  let cursor = start;
  for await (const page of pagesOf(config, start, ctx)) {
    if (!skips) await acceptPage(page, config, ctx);
    cursor = await nextCursor(page, cursor, config, ctx);
  }
  // Also where nothing came: what is there from now on is new.
  const changed = isFirst || writeJson(cursor) !== writeJson(start);
  if (config.cursor && changed) await ctx.saveCursor({ value: cursor });
}

async function nextCursor({ answer, items }: Page, cursor: Json, config: PollConfig, ctx: HttpPoll): Promise<Json> {
  if (!config.cursor) return cursor;
  const next = await ctx.evaluate(config.cursor.next, { ...answer, items, cursor });
  return next === undefined || next === null ? cursor : next;
}

async function acceptPage({ items }: Page, config: PollConfig, ctx: HttpPoll): Promise<void> {
  if (config.runs !== 'page') for (const item of items) await acceptOne(item, config, ctx);
  else if (items.length > 0) await acceptOne(items, config, ctx);
}

async function acceptOne(payload: Json, { eventId: expression }: PollConfig, ctx: HttpPoll): Promise<void> {
  const named = expression === undefined ? undefined : await ctx.evaluate(expression, payload);
  const eventId = named === undefined || named === null || named === '' ? contentId(payload) : idOf(named);
  await ctx.accept({ payload, eventId, source: ctx.connection.name === '' ? 'poll' : ctx.connection.name });
}

const longestId = 500;

/** What is no short text is told by its hash. */
function idOf(named: Json): string {
  const text = typeof named === 'string' ? named : writeJson(named);
  return text.length <= longestId ? text : contentId(named);
}

function contentId(payload: Json): string {
  return `sha256:${createHash('sha256').update(writeJson(payload)).digest('hex')}`;
}
