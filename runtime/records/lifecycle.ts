import { type JsonObject, MillraceError, writeJson } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';

export type Lifecycle = NonNullable<RecordType['lifecycle']>;

/** @throws {MillraceError} `RECORD_WITHOUT_LIFECYCLE` */
export function lifecycleOf(type: RecordType): Lifecycle {
  if (type.lifecycle) return type.lifecycle;
  throw new MillraceError('RECORD_WITHOUT_LIFECYCLE', `Records of type “${type.id}” have no life cycle.`);
}

/**
 * A new record starts in the initial state; replacing one keeps its state, which only a transition may change.
 * @throws {MillraceError} `TRANSITION_FORBIDDEN` where the data brings another state
 */
export function withState(type: RecordType, data: JsonObject, before: JsonObject | undefined): JsonObject {
  if (!type.lifecycle) return data;
  const { field, initial } = type.lifecycle;
  const state = (before?.[field] as string | undefined) ?? initial;
  if (data[field] !== undefined && data[field] !== state)
    throw new MillraceError(
      'TRANSITION_FORBIDDEN',
      `“${field}” is changed by a transition; a put leaves it at ${state}.`,
      { pointer: `/${field}` },
    );
  return { ...data, [field]: state };
}

/**
 * A record's data after a move: in the new state, and with the time of the move where the life cycle keeps that. Fields that
 * are set with the move come last, so that a time that somebody else knows better stands.
 * @throws {MillraceError} `TRANSITION_FORBIDDEN` naming what is allowed
 */
export function moved(
  type: RecordType,
  before: JsonObject,
  { to, set, at }: { readonly to: string; readonly set: JsonObject; readonly at: Date },
): JsonObject {
  const { field } = lifecycleOf(type);
  checkTransition(type, before, to);
  return { ...before, ...stampOf(type, to, at), ...set, [field]: to };
}

/** The time of a move into the state, where the life cycle keeps that. */
export function stampOf({ lifecycle }: RecordType, to: string | undefined, at: Date): JsonObject {
  const { stamps = {} } = lifecycle ?? {};
  return to !== undefined && Object.hasOwn(stamps, to) ? { [stamps[to] as string]: at.toISOString() } : {};
}

/** @throws {MillraceError} `TRANSITION_FORBIDDEN` naming what is allowed */
export function checkTransition(type: RecordType, before: JsonObject, to: string): void {
  const { field, transitions } = lifecycleOf(type);
  const from = stateIn(before, field);
  const allowed = transitions[from] ?? [];
  if (allowed.includes(to)) return;
  const choice = allowed.length > 0 ? `allowed: ${allowed.join(', ')}` : 'it is final';
  throw new MillraceError('TRANSITION_FORBIDDEN', `“${type.id}” cannot go from ${from} to ${to} (${choice}).`, {
    pointer: `/${field}`,
    details: { from, to, allowed },
  });
}

/** What the history tells of a change. */
export function stateChange(
  type: RecordType,
  before: JsonObject | undefined,
  after: JsonObject,
): { from?: string; to?: string } {
  if (!type.lifecycle) return {};
  const { field } = type.lifecycle;
  return { ...(before && { from: stateIn(before, field) }), to: stateIn(after, field) };
}

function stateIn(data: JsonObject, field: string): string {
  const state = data[field];
  return typeof state === 'string' ? state : writeJson(state);
}
