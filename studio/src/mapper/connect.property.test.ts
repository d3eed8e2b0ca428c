import { type FieldMap, fieldMapProblems, fieldsToText, textToFields } from '@millrace/mapping';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combinations, connect } from './connect.ts';
import { everyField } from './field-tree.ts';
import type { Line } from './mapping.ts';
import { ownMapping, sourceTrees, targetOrder, targetTree } from './order.fixture.ts';
import { targetLinesOf } from './target-lines.ts';

const sources = sourceTrees.flatMap(everyField);
const targets = everyField(targetTree).slice(1);
const gestures = fc.array(
  fc.record({
    source: fc.constantFrom(...sources),
    target: fc.constantFrom(...targets),
    combination: fc.constantFrom(...combinations),
  }),
  { maxLength: 12 },
);
const byPlace = (fields: readonly Line[]) =>
  new Map(targetLinesOf(fields).map(({ names, line: { fields: _, ...line } }) => [names.join('/'), line]));

test('R-X4 whatever is led where, the lines stay a mapping, no other line changes, and it opens and saves as the same text', () => {
  fc.assert(
    fc.property(gestures, fc.constantFrom<readonly Line[]>([], ownMapping), (all, start) => {
      let fields = start;
      for (const gesture of all) {
        const answer = connect(fields, gesture, sourceTrees, targetOrder);
        if ('refused' in answer) continue;
        const before = byPlace(fields);
        const after = byPlace(answer.fields);
        const changed = gesture.target.names.join('/');
        for (const [place, line] of before) if (place !== changed) expect(after.get(place)).toEqual(line);
        fields = answer.fields;
      }
      expect(fieldMapProblems(fields as FieldMap)).toEqual([]);
      const text = fieldsToText(fields);
      const opened = textToFields(text);
      expect(opened && fieldsToText(opened)).toBe(text);
    }),
    { numRuns: 60 },
  );
});
