import {
  MillraceError,
  type RecordCondition,
  type RecordPage,
  type RecordQuery,
  type Scalar,
} from '@millrace/contract';
import type { RecordType } from '@millrace/flow';
import { textsIn } from '../postgres/records/conditions.ts';
import type { RecordOrder, SelectedRecord } from '../postgres/records/query-records.ts';
import { lifecycleOf } from './lifecycle.ts';

interface Selection {
  readonly where: readonly RecordCondition[];
  readonly order: RecordOrder;
  /** One more than the page holds: whether there is a next page. */
  readonly limit: number;
}

/** @throws {MillraceError} `RECORD_WITHOUT_LIFECYCLE`, `CURSOR_INVALID` */
export function selectionOf(type: RecordType, query: RecordQuery): Selection {
  const { where = [], states, limit } = query;
  const inState = states ? [{ field: lifecycleOf(type).field, in: states }] : [];
  return { where: [...where, ...inState], order: orderOf(query), limit: limit + 1 };
}

/** Ids of the only records that can be found, where the query names them. */
export function idsAsked({ where = [] }: RecordQuery): readonly string[] {
  const named = where.find(({ field, equals, in: among }) => field === '$id' && (equals ?? among) !== undefined);
  return named ? textsIn(named.in ?? [named.equals as Scalar]) : [];
}

function orderOf({ orderBy = '$created', descending = false, cursor }: RecordQuery): RecordOrder {
  const order = { by: orderBy, descending };
  return cursor === undefined ? order : { ...order, after: placeIn(cursor, order) };
}

/** A page as the node sees it; what was looked for beyond it becomes the cursor. */
export function pageOf(found: readonly SelectedRecord[], type: string, query: RecordQuery): RecordPage {
  const page = found.slice(0, query.limit);
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    records: page.map(({ id, data, version }) => ({ type, id, data, version })),
    ...(last && { next: cursorOf(last, orderOf(query)) }),
  };
}

function cursorOf({ place, id }: SelectedRecord, { by, descending }: RecordOrder): string {
  return Buffer.from(JSON.stringify([by, descending, place, id])).toString('base64url');
}

/** The cursor goes through flows as data, so nothing of it is believed. */
function placeIn(cursor: string, { by, descending }: RecordOrder): { place: string; id: string } {
  const [ofBy, ofDescending, place, id] = listIn(cursor);
  if (
    ofBy === by &&
    ofDescending === descending &&
    typeof place === 'string' &&
    typeof id === 'string' &&
    fits(by, place)
  )
    return { place, id };
  const message = 'The cursor is not the “next” of an earlier page in the same order.';
  throw new MillraceError('CURSOR_INVALID', message, { pointer: '/cursor' });
}

function listIn(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** What PostgreSQL can read as the order's type. */
function fits(by: string, place: string): boolean {
  if (by === '$id') return true;
  if (by === '$created' || by === '$updated') return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(place);
  try {
    JSON.parse(place);
    return true;
  } catch {
    return false;
  }
}
