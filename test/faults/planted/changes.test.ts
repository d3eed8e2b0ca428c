import { expect, test } from 'vitest';
import { cases } from '../cases/cases.ts';
import { requirePlantable } from './apply.ts';
import { changes, plantedBugs } from './changes.ts';

test.each(Object.keys(changes))('“%s” can be planted into the product as it is', (name) => {
  expect(() => requirePlantable(name)).not.toThrow();
});

test.each(plantedBugs)(
  '$title: is a change that there is, to be found by faults that there are',
  ({ change, foundBy }) => {
    expect(change.split(',').filter((name) => !(name in changes))).toEqual([]);
    expect(foundBy.filter((id) => !cases.some((fault) => fault.id === id))).toEqual([]);
  },
);

test('a text that is not there any more is refused, and so is a change that there is not', () => {
  expect(() => requirePlantable('no-such-change')).toThrow('There is no change');
});
