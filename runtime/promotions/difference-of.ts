import type { JsonObject } from '@millrace/contract';
import { difference, type FlowBundle, sentenceOf } from '@millrace/flow';
import type { PartChange } from './part.ts';

const nothing = {
  flow: { format: 1, id: '', name: '', nodes: {}, edges: [] },
  layout: { nodes: {} },
  samples: {},
  tests: {},
  records: [],
};

/**
 * What makes one another of two bundles, of which each may have some parts alone.
 * @param at names down to where pointers begin
 */
export function differenceOf(before: JsonObject, after: JsonObject, at: readonly string[] = []): PartChange[] {
  const [from, to] = [before, after].map((parts) => ({ ...nothing, ...parts }) as unknown as FlowBundle);
  return difference(from as FlowBundle, to as FlowBundle).map((change): PartChange => {
    const { pointer, action, before: was, after: is } = change;
    const below = pointer.split('/').slice(1 + at.length);
    return {
      pointer: below.map((name) => `/${name}`).join(''),
      action,
      ...(was !== undefined && { before: was }),
      ...(is !== undefined && { after: is }),
      sentence: sentenceOf(change),
    };
  });
}
