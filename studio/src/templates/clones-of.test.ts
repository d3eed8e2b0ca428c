import { expect, test } from 'vitest';
import type { FlowSummary } from '../api/types.ts';
import { clonesAmong, hasMovedOn } from './clones-of.ts';
import type { TemplateSummary } from './queries.ts';

test('R-F11 clones are told beside their templates: those that have moved on can be followed', () => {
  const flow = (id: string, template: FlowSummary['template']) => ({ id, name: id, template }) as FlowSummary;
  const template = (id: string, version: string) => ({ id, version }) as TemplateSummary;
  const clones = clonesAmong(
    [
      flow('own', null),
      flow('old', { id: 'acme/orders', version: '1' }),
      flow('fresh', { id: 'acme/orders', version: '2' }),
      flow('left', { id: 'acme/withdrawn', version: '1' }),
    ],
    [template('acme/orders', '2')],
  );
  expect(clones.map((clone) => [clone.flow, clone.newest, hasMovedOn(clone)])).toEqual([
    ['old', '2', true],
    ['fresh', '2', false],
    ['left', null, false],
  ]);
});
