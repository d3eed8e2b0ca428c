import type { Json } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explode } from '../bundle.ts';
import { difference } from '../difference/difference.ts';
import type { FlowBundle } from '../document.ts';
import { catalogue } from '../flows.fixture.ts';
import { canonicalBundle } from '../parts/canonical-bundle.ts';
import { isEqual } from '../parts/is-equal.ts';
import { valueAt } from '../parts/value-at.ts';
import { pathOf } from '../pointer.ts';
import { validateFlow } from '../validate/validate.ts';
import type { Conflict } from './conflict.ts';
import { hasChange, isAtOrIn } from './has-change.fixture.ts';
import { type Merge, merge } from './merge.ts';
import { anyBundle, anyEdits, areApart, edited } from './random-edits.fixture.ts';
import { resolve } from './resolve.ts';

/** A flow and what two people made of it. */
const anyVersions = fc
  .tuple(anyBundle, anyEdits, anyEdits)
  .map(([base, left, right]) => ({ base, mine: edited(base, left), theirs: edited(base, right) }));

const clean = (bundle: FlowBundle) => ({ bundle: canonicalBundle(bundle), conflicts: [] });
const json = (bundle: FlowBundle) => bundle as unknown as Json;
const resolved = (merged: Merge, choice: 'mine' | 'theirs') =>
  merged.conflicts.reduce((each, conflict) => resolve(each, conflict, choice), merged).bundle;
const withoutLayout = ({ layout: _, ...bundle }: FlowBundle) => bundle;
const swapped = ({ mine, theirs, ...conflict }: Conflict) => ({
  ...conflict,
  ...(mine !== undefined && { theirs: mine }),
  ...(theirs !== undefined && { mine: theirs }),
});
/** Conflicts by their places; the names among which an item stands are in the order of whichever side is kept. */
const comparable = (conflicts: readonly Conflict[]) =>
  conflicts
    .map((each) => ({ ...each, ...(each.among && { among: each.among.toSorted() }) }))
    .toSorted((a, b) => (`${a.pointer} ${a.kind}` < `${b.pointer} ${b.kind}` ? -1 : 1));

describe('R-X6 a merge of what two people made of one flow', () => {
  test('is theirs where I changed nothing, mine where they changed nothing, and ours where we did the same', () => {
    fc.assert(
      fc.property(anyVersions, ({ base, mine, theirs }) => {
        expect(merge(base, base, theirs)).toEqual(clean(theirs));
        expect(merge(base, mine, base)).toEqual(clean(mine));
        expect(merge(base, mine, mine)).toEqual(clean(mine));
      }),
    );
  });

  test('is the same from the other side, save that a conflict keeps what is mine there', () => {
    fc.assert(
      fc.property(anyVersions, ({ base, mine, theirs }) => {
        const here = merge(base, mine, theirs);
        const there = merge(base, theirs, mine);
        expect(comparable(there.conflicts.map(swapped))).toEqual(comparable(here.conflicts));
        expect(withoutLayout(resolved(there, 'theirs'))).toEqual(withoutLayout(here.bundle));
      }),
    );
  });

  test('with every conflict resolved as it is kept stays as it is', () => {
    fc.assert(
      fc.property(anyVersions, ({ base, mine, theirs }) => {
        const merged = merge(base, mine, theirs);
        expect(resolved(merged, 'mine')).toEqual(merged.bundle);
      }),
    );
  });

  test('has every change of mine, and every one of theirs that no conflict names', () => {
    fc.assert(
      fc.property(anyVersions, ({ base, mine, theirs }) => {
        const { bundle, conflicts } = merge(base, mine, theirs);
        for (const change of difference(base, mine))
          expect([change, hasChange(bundle, change)]).toEqual([change, true]);
        const named = (pointer: string) =>
          conflicts.some((each) => isAtOrIn(each.pointer, pointer) || isAtOrIn(pointer, each.pointer));
        for (const change of difference(base, theirs))
          expect([change, hasChange(bundle, change) || named(change.pointer)]).toEqual([change, true]);
      }),
    );
  });

  test('of edits that have nothing to do with each other has no conflict, and is what one gets by making them all', () => {
    fc.assert(
      fc.property(anyBundle, anyEdits, anyEdits, (base, left, others) => {
        const right = others.filter((each) => left.every((edit) => areApart(edit, each)));
        const { bundle, conflicts } = merge(base, edited(base, left), edited(base, right));
        expect(conflicts).toEqual([]);
        const both = edited(edited(base, left), right);
        expect(difference(both, bundle).filter(({ action }) => action !== 'reordered')).toEqual([]);
      }),
    );
  });

  test('is in canonical form', () => {
    fc.assert(
      fc.property(anyVersions, ({ base, mine, theirs }) => {
        const { bundle } = merge(base, mine, theirs);
        expect(JSON.stringify(canonicalBundle(bundle))).toBe(JSON.stringify(bundle));
        expect(explode(canonicalBundle(bundle))).toEqual(explode(bundle));
      }),
    );
  });

  test('without conflicts refers to nothing that is not there', () => {
    const dangling = ['FLOW_MALFORMED', 'EDGE_END_UNKNOWN', 'PARENT_UNKNOWN', 'CONNECTION_UNKNOWN', 'ON_ERROR_UNKNOWN'];
    const check = () => ({ steps: [], readsAllSteps: false, params: [], variables: [] });
    fc.assert(
      fc.property(anyVersions, ({ base, mine, theirs }) => {
        const { bundle, conflicts } = merge(base, mine, theirs);
        fc.pre(conflicts.length === 0);
        const codes = validateFlow(bundle.flow, catalogue, { expression: check }).map(({ code }) => code);
        expect(codes.filter((code) => dangling.includes(code))).toEqual([]);
      }),
    );
  });
});

describe('R-X1 the difference of two flows', () => {
  test('is nothing where they are equal, whatever the order of edges and record types, and something otherwise', () => {
    fc.assert(
      fc.property(anyVersions, ({ base, mine }) => {
        const turned = {
          ...mine,
          flow: { ...mine.flow, edges: mine.flow.edges.toReversed() },
          records: mine.records.toReversed(),
          layout: { nodes: {} },
        };
        expect(difference(mine, turned)).toEqual([]);
        const isSame = isEqual(json(canonicalBundle({ ...base, layout: mine.layout })), json(canonicalBundle(mine)));
        expect(difference(base, mine).length === 0).toBe(isSame);
      }),
    );
  });

  test('names for each place what is there before and after', () => {
    fc.assert(
      fc.property(anyVersions, ({ mine, theirs }) => {
        const [before, after] = [mine, theirs].map((each) => json(canonicalBundle(each)));
        for (const change of difference(mine, theirs)) {
          if (change.action === 'reordered') continue;
          expect(valueAt(before as Json, pathOf(change.pointer))).toEqual(change.before);
          expect(valueAt(after as Json, pathOf(change.pointer))).toEqual(change.after);
        }
      }),
    );
  });
});
