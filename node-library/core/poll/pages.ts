import { type Json, type JsonObject, MillraceError, type PollContext } from '@millrace/contract';
import type { HttpConnection } from '../http-connection/config.ts';
import { exchange } from '../http-request/exchange.ts';
import { refused } from '../http-request/failure.ts';
import { requestOf } from '../http-request/request.ts';
import { dataOf, readResponse, shownHeaders } from '../http-request/response.ts';
import type { PollConfig } from './config.ts';

export type HttpPoll = PollContext<HttpConnection | undefined>;

/** An answer with what it holds. */
export interface Page {
  /** That was asked. */
  readonly address: URL;
  /** `{ status, headers, body }` */
  readonly answer: JsonObject;
  readonly items: readonly Json[];
}

/** What of the next request differs from the first one. */
interface Turn {
  readonly url: string;
  readonly query: Readonly<Record<string, string | number | boolean>>;
}

/**
 * The pages of one poll, each read when it is asked for.
 * @throws {MillraceError} those of an HTTP request; `PAGING_ENDLESS`; `PAGE_ELSEWHERE`
 */
export async function* pagesOf(config: PollConfig, cursor: Json, ctx: HttpPoll): AsyncGenerator<Page> {
  const most = config.maxPages ?? 1000;
  let turn: Turn | undefined = firstTurn(config, cursor);
  let itemsBefore = 0;
  for (let index = 0; turn; index++) {
    if (index === most) throw endless(`there are more than ${most} pages`);
    const page = await readPage(turn, config, ctx);
    yield page;
    itemsBefore += page.items.length;
    turn = await nextTurn(turn, page, { index, itemsBefore }, config, ctx);
  }
}

function firstTurn({ url, query = {}, paging, cursor }: PollConfig, value: Json): Turn {
  const known = cursor && value !== null ? { [cursor.parameter]: parameterOf(value) } : {};
  return { url, query: { ...query, ...known, ...counted(paging, 0, 0) } };
}

/** A cursor may be any JSON scalar; long numbers keep their digits. */
function parameterOf(value: Json): string {
  if (typeof value !== 'object' || value === null || 'digits' in value) return String(value);
  throw new MillraceError('CURSOR_INVALID', 'The cursor must be a text or a number.', { pointer: '/cursor/next' });
}

function counted(paging: PollConfig['paging'], index: number, itemsBefore: number): Record<string, number> {
  if (paging?.by === 'page') return { [paging.parameter]: (paging.first ?? 1) + index };
  return paging?.by === 'offset' ? { [paging.parameter]: itemsBefore } : {};
}

async function readPage(turn: Turn, config: PollConfig, ctx: HttpPoll): Promise<Page> {
  const request = requestOf({ ...turn, headers: config.headers ?? {} }, '', ctx.connection.config);
  const response = await exchange(request, { ...config, mayRepeat: true }, ctx, readResponse);
  // Not modified since what the headers say: nothing new.
  if (response.status === 304)
    return { address: request.url, answer: { status: 304, headers: {}, body: null }, items: [] };
  if (response.status < 200 || response.status > 299) throw refused(request, response, true);
  const { status, headers } = response;
  const answer = { status, headers: shownHeaders(headers), body: await dataOf(response, ctx.tenant.slug) };
  return { address: request.url, answer, items: listOf(await ctx.evaluate(config.items ?? 'body', answer)) };
}

/** JSONata gives a list of one as the one, and an empty one as nothing. */
function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

async function nextTurn(
  turn: Turn,
  { address, answer, items }: Page,
  { index, itemsBefore }: { readonly index: number; readonly itemsBefore: number },
  { paging }: PollConfig,
  ctx: HttpPoll,
): Promise<Turn | undefined> {
  if (!paging) return undefined;
  if (paging.by === 'link') return linked(address, await ctx.evaluate(paging.next, { ...answer, items }));
  if (items.length === 0) return undefined;
  return { url: turn.url, query: { ...turn.query, ...counted(paging, index + 1, itemsBefore) } };
}

/** Followed within the same system only: the login and the headers are for no other. */
function linked(here: URL, link: Json | undefined): Turn | undefined {
  if (link === undefined || link === null || link === '') return undefined;
  const next = typeof link === 'string' ? URL.parse(link, here.href) : null;
  if (next?.origin !== here.origin)
    throw new MillraceError('PAGE_ELSEWHERE', 'The next page is said to be in another system, or at no address.', {
      pointer: '/paging/next',
    });
  if (next.href === here.href) throw endless('a page names itself as the next one');
  return { url: next.href, query: {} };
}

function endless(why: string): MillraceError {
  return new MillraceError('PAGING_ENDLESS', `The paging does not end: ${why}.`, { pointer: '/paging' });
}
