import type { Problem } from '@millrace/contract';
import type { RecordType } from '@millrace/flow';

/**
 * States that the life cycle of a record type names without saying what may follow them: a misspelt one would be reached and
 * never left, or never reached. @param at pointer of the life cycle
 */
export function checkLifecycle({ lifecycle }: RecordType, at: string): Problem[] {
  if (!lifecycle) return [];
  const { initial, transitions, stamps = {} } = lifecycle;
  const named = [
    { state: initial, pointer: `${at}/initial` },
    ...Object.entries(transitions).flatMap(([from, followers]) =>
      followers.map((state, index) => ({ state, pointer: `${at}/transitions/${from}/${index}` })),
    ),
    ...Object.keys(stamps).map((state) => ({ state, pointer: `${at}/stamps/${state}` })),
  ];
  return named
    .filter(({ state }) => !Object.hasOwn(transitions, state))
    .map(({ state, pointer }) => ({
      code: 'LIFECYCLE_STATE_UNKNOWN',
      pointer,
      message: `“${state}” is no state of the life cycle.`,
      hint: 'Say under “transitions” what may follow it; nothing: [].',
    }));
}
