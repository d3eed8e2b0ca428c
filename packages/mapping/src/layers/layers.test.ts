import type { SystemVersion } from '@millrace/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Field, FieldMap } from '../field-map/field-map.ts';
import { fieldsToText } from '../field-map/fields-to-text.ts';
import { fieldMapProblems } from '../field-map/tree.ts';
import { mergeLayers } from './merge-layers.ts';
import { compareVersions, negotiate } from './negotiate.ts';

const core: FieldMap = [
  { to: 'externalRef', from: 'requisition_id', required: true },
  { to: 'priority', from: 'priority', default: 'normal' },
  { to: 'lines', each: 'lines', fields: [{ to: 'quantity', from: '$item.qty', required: true }] },
];

describe('layers of a mapping', () => {
  test('R-F6 a layer changes the source of a line and leaves all else of it', () => {
    const [reference, priority] = mergeLayers([core, [{ to: 'priority', from: 'urgency' }]]);
    expect(reference).toEqual({ to: 'externalRef', from: 'requisition_id', required: true });
    expect(priority).toEqual({ to: 'priority', from: 'urgency', default: 'normal' });
  });

  test('R-F6 a layer adds a field to the items of a list that a lower one makes', () => {
    const merged = mergeLayers([core, [{ to: 'lines', fields: [{ to: 'hazard', from: '$item.un_number' }] }]]);
    expect(merged[2]).toEqual({
      to: 'lines',
      each: 'lines',
      fields: [
        { to: 'quantity', from: '$item.qty', required: true },
        { to: 'hazard', from: '$item.un_number' },
      ],
    });
    expect(fieldMapProblems(merged)).toEqual([]);
  });

  test('R-F6 a single value takes the place of a list, and a list that of a single value', () => {
    expect(mergeLayers([core, [{ to: 'lines', from: '$all' }]])[2]).toEqual({ to: 'lines', from: '$all' });
    const listed: Field = { to: 'priority', each: 'levels', fields: [{ to: '', from: '$item' }] };
    expect(mergeLayers([core, [listed]])[1]).toEqual(listed);
  });

  test('R-F6 a target is the same however it is written', () => {
    expect(mergeLayers([[{ to: 'a.b', from: 'x' }], [{ to: '"a"."b"', from: 'y' }]])).toEqual([
      { to: '"a"."b"', from: 'y' },
    ]);
  });

  const anyMap = fc.uniqueArray(
    fc.record({ to: fc.constantFrom('a', 'b', 'c.d', 'c.e'), from: fc.constantFrom('x', 'y', 'z') }),
    { selector: ({ to }) => to },
  );

  test('R-F6 layers laid over each other two by two are the same as all at once, and can be written', () => {
    fc.assert(
      fc.property(anyMap, anyMap, anyMap, (one, two, three) => {
        const merged = mergeLayers([one, two, three]);
        expect(mergeLayers([mergeLayers([one, two]), three])).toEqual(merged);
        expect(mergeLayers([one, mergeLayers([two, three])])).toEqual(merged);
        expect(mergeLayers([merged, merged])).toEqual(merged);
        if (merged.length > 0) expect(() => fieldsToText(merged)).not.toThrow();
      }),
    );
  });

  test('R-F6 nothing of the uppermost layer is lost', () => {
    fc.assert(
      fc.property(anyMap, anyMap, (lower, upper) => {
        const merged = mergeLayers([lower, upper]);
        for (const line of upper) expect(merged).toContainEqual(line);
        expect(merged).toHaveLength(new Set([...lower, ...upper].map(({ to }) => to)).size);
      }),
    );
  });
});

const amos: readonly SystemVersion[] = [
  { version: '1.9', status: 'RETIRED' },
  { version: '2.1', status: 'DEPRECATED', sunset: '2027-06-30' },
  { version: '2.3', status: 'ACTIVE' },
  { version: '2.10', status: 'ACTIVE' },
  { version: '3.0', status: 'DEPRECATED' },
];
const on = (asked?: string, today = '2026-12-01') => negotiate(amos, asked, today);

describe('which version serves', () => {
  test('R-F7 without a wish the latest active one', () => {
    expect(on()).toEqual({ version: amos[3] });
  });

  test('R-F7 what was asked for, as it is', () => {
    expect(on('2.3')).toEqual({ version: amos[2] });
    expect(on('2.3.0')).toEqual({ version: amos[2] });
  });

  test('R-F7 a deprecated one until its sunset, with a warning', () => {
    expect(on('2.1')).toEqual({ version: amos[1], warning: 'Version 2.1 is deprecated and ends on 2027-06-30.' });
    expect(() => on('2.1', '2027-06-30')).toThrow('Version 2.1 is not supported; these are: 3.0, 2.10, 2.3.');
  });

  test('R-F7 instead of one that there is not, the nearest below it in the same line, with a warning', () => {
    expect(on('2.7')).toEqual({
      version: amos[2],
      warning: 'Version 2.7 is not supported; 2.3 serves instead.',
    });
    expect(on('2.99').version.version).toBe('2.10');
  });

  test('R-F7 nothing below it in the same line is refused, with the list', () => {
    for (const asked of ['2.0', '1.9', '4', 'latest', '', '2.', '2.3.1.1', '9'.repeat(400)])
      expect(() => on(asked), asked).toThrow(
        expect.objectContaining({
          code: 'MAPPING_VERSION_UNSUPPORTED',
          options: expect.objectContaining({
            details: expect.objectContaining({ supported: ['3.0', '2.10', '2.3', '2.1'] }),
          }),
        }),
      );
  });

  const anyVersion = fc.tuple(fc.nat(3), fc.nat(12)).map(([major, minor]) => `${major}.${minor}`);
  const anyStatus = fc.constantFrom('ACTIVE', 'DEPRECATED', 'RETIRED');

  test('R-F7 nobody is served with what is above the wish, of another line, or retired', () => {
    const versions = fc.uniqueArray(fc.record({ version: anyVersion, status: anyStatus }), {
      selector: ({ version }) => version,
    });
    fc.assert(
      fc.property(versions, anyVersion, (all, asked) => {
        const fitting = all.filter(
          ({ version, status }) =>
            status !== 'RETIRED' &&
            version.split('.')[0] === asked.split('.')[0] &&
            compareVersions(version, asked) <= 0,
        );
        const choose = () => negotiate(all, asked, '2026-12-01');
        if (fitting.length === 0) expect(choose).toThrow('not supported');
        else {
          const { version, warning } = choose();
          expect(fitting).toContainEqual(version);
          for (const other of fitting) expect(compareVersions(other.version, version.version)).toBeLessThanOrEqual(0);
          expect(warning === undefined).toBe(version.version === asked && version.status === 'ACTIVE');
        }
      }),
    );
  });
});
