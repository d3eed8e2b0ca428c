import { catalogueOf, describeCatalogue, type Json } from '@millrace/contract';
import { difference, type FlowBundle, isEqual } from '@millrace/flow';
import { hasChange, isAtOrIn } from '@millrace/flow/has-change.fixture';
import { anyBundle, anyEdits, edited } from '@millrace/flow/random-edits.fixture';
import core from '@millrace/pack-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecidedConflict, type Decision, mergeUpgrade, type Sides } from './merge-upgrade.ts';
import { named } from './own-name.ts';
import { parameterSchema } from './own-parameters.ts';

const types = describeCatalogue(catalogueOf([core]));

/** A template takes a parameter out, or proposes another value for it. */
const anyParameterEdit = fc.constantFrom<(bundle: FlowBundle) => FlowBundle>(
  (bundle) => bundle,
  (bundle) => withParameters(bundle, {}),
  (bundle) => withParameters(bundle, { due: { type: 'string', default: 'PT9H' } }),
);

function withParameters({ flow, ...rest }: FlowBundle, properties: Record<string, Json>): FlowBundle {
  return { ...rest, flow: { ...flow, parameters: { ...flow.parameters, properties } } };
}

/** A template at two versions, and what a tenant made of a clone of the first. */
const anySides: fc.Arbitrary<Sides> = fc
  .tuple(anyBundle, anyEdits, anyEdits, anyParameterEdit, fc.boolean())
  .map(([base, left, right, proposes, isSet]) => ({
    base,
    mine: edited(named(base, { id: 'clone', name: 'Clone' }, types), left),
    theirs: proposes(edited(base, right)),
    parametersInUse: isSet ? ['due'] : [],
  }));

const anyTakes = fc.infiniteStream(fc.constantFrom<'mine' | 'theirs'>('mine', 'theirs'));

/** What the tenant has changed of the clone. */
const changesOf = ({ base, mine }: Sides) => difference(named(base, mine.flow, types), mine);

function decide(conflicts: readonly DecidedConflict[], takes: Iterator<'mine' | 'theirs'>): Decision[] {
  return conflicts.map(({ kind, pointer }) => ({ kind, pointer, take: takes.next().value as 'mine' | 'theirs' }));
}

describe('R-X6 an upgrade of a clone', () => {
  test('loses nothing that the tenant has changed: it is there, or a listed conflict was decided otherwise', () => {
    fc.assert(
      fc.property(anySides, anyTakes, (sides, takes) => {
        const { conflicts, bundle } = mergeUpgrade(sides, types, []);
        for (const change of changesOf(sides)) expect([change, hasChange(bundle, change)]).toEqual([change, true]);
        const decisions = decide(conflicts, takes);
        const done = mergeUpgrade(sides, types, [], decisions);
        expect(done.isWhole).toBe(true);
        const given = decisions.filter(({ take }) => take === 'theirs').map(({ pointer }) => pointer);
        const isGiven = (place: string) => given.some((each) => isAtOrIn(each, place) || isAtOrIn(place, each));
        for (const change of changesOf(sides))
          expect([change, hasChange(done.bundle, change) || isGiven(change.pointer)]).toEqual([change, true]);
      }),
    );
  });

  test('is the same whether its conflicts are decided at once or some now and others later', () => {
    fc.assert(
      fc.property(anySides, anyTakes, fc.nat(9), (sides, takes, some) => {
        const decisions = decide(mergeUpgrade(sides, types, []).conflicts, takes);
        const first = mergeUpgrade(sides, types, [], decisions.slice(0, some));
        expect(first.isWhole).toBe(decisions.length <= some);
        const later = mergeUpgrade(sides, types, first.decisions, decisions.slice(some));
        const atOnce = mergeUpgrade(sides, types, [], decisions);
        expect(later.isWhole).toBe(true);
        const places = (list: readonly Decision[]) => list.map(({ pointer, take }) => `${pointer} ${take}`).sort();
        expect(places(later.decisions)).toEqual(places(atOnce.decisions));
        expect(difference(atOnce.bundle, later.bundle)).toEqual([]);
      }),
    );
  });

  test('keeps the id and the name, and each parameter that is set; one that is gone and in use is a conflict', () => {
    fc.assert(
      fc.property(anySides, (sides) => {
        const { base, mine, theirs, parametersInUse } = sides;
        const { bundle, conflicts } = mergeUpgrade(sides, types, []);
        expect([bundle.flow.id, bundle.flow.name]).toEqual([mine.flow.id, mine.flow.name]);
        const [before, own] = [base, mine].map((each) => parameterSchema(each, 'due')?.default);
        const isSet = !isEqual(before, own) || parametersInUse.includes('due');
        const isGone = parameterSchema(theirs, 'due') === undefined;
        const named = conflicts.filter(({ pointer }) => isAtOrIn(pointer, '/flow/parameters/properties/due'));
        expect(named.length > 0).toBe(isSet && isGone);
        if (!isEqual(before, own)) expect(parameterSchema(bundle, 'due')?.default).toEqual(own);
      }),
    );
  });
});

test('R-X6 a decision holds as long as what it decides between is the same', () => {
  const [base] = fc.sample(anyBundle, { numRuns: 1, seed: 1 });
  const at = (text: string) => {
    const { flow, ...rest } = base as FlowBundle;
    return { ...rest, flow: { ...flow, description: text } } as FlowBundle;
  };
  const sides = { base: at('one'), mine: at('mine'), theirs: at('theirs'), parametersInUse: [] };
  const decision: Decision = { kind: 'value', pointer: '/flow/description', take: 'value', value: 'both' };
  const { decisions, bundle } = mergeUpgrade(sides, types, [], [decision]);
  expect(bundle.flow.description).toBe('both');
  expect(mergeUpgrade(sides, types, decisions)).toMatchObject({ isWhole: true, conflicts: [{ decision }] });
  expect(mergeUpgrade({ ...sides, theirs: at('anew') }, types, decisions)).toMatchObject({
    isWhole: false,
    decisions: [],
  });
  expect(() => mergeUpgrade(sides, types, [], [{ ...decision, pointer: '/flow/name' }])).toThrow(
    expect.objectContaining({ code: 'CONFLICT_UNKNOWN' }),
  );
});
