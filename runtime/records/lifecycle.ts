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
