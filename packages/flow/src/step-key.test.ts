import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUnder, loopOf, passKey, placeOf, stepKey } from './step-key.ts';

describe('keys of steps and passes', () => {
  test.each([
    ['send', { key: 'send' }],
    ['f[a]/send', { key: 'f[a]/send' }],
    ['f:other[a+b]/send', { key: 'f:other[a+b]/send' }],
    ['lines[17]/send', { pass: 'lines[17]', key: 'send' }],
    ['lines[17]/parts[3]/f[a]/check', { pass: 'lines[17]/parts[3]', key: 'f[a]/check' }],
  ])('%s is told apart', (step, place) => expect(placeOf(step)).toEqual(place));

  test('a pass has its loop, its index and the pass around it', () => {
    expect(loopOf('lines[17]')).toEqual({ loop: 'lines', index: 17 });
    expect(loopOf('f[a]/lines[17]')).toEqual({ loop: 'f[a]/lines', index: 17 });
    expect(loopOf('lines[17]/f[a]/parts[3]')).toEqual({ around: 'lines[17]', loop: 'f[a]/parts', index: 3 });
  });

  test('a pass is not above what only begins alike', () => {
    expect(isUnder('lines[1]', 'lines[1]/send')).toBe(true);
    expect(isUnder('lines[1]', 'lines[17]/send')).toBe(false);
    expect(isUnder('lines[1]', 'lines[a]/send')).toBe(false);
  });

  test('whatever a key is made of, it is taken apart again', () => {
    const id = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
    const branch = fc
      .tuple(id, fc.array(id, { minLength: 1, maxLength: 3 }))
      .map(([f, to]) => `${f}[${to.join('+')}]/`);
    const key = fc.tuple(fc.array(branch, { maxLength: 2 }), id).map(([branches, last]) => branches.join('') + last);
    const loops = fc.array(fc.tuple(key, fc.nat()), { maxLength: 4 });
    fc.assert(
      fc.property(loops, key, (around, last) => {
        let pass: string | undefined;
        for (const [loop, index] of around) {
          const inner = passKey(stepKey(pass, loop), index);
          expect(loopOf(inner)).toEqual({ ...(pass !== undefined && { around: pass }), loop, index });
          pass = inner;
        }
        expect(placeOf(stepKey(pass, last))).toEqual({ ...(pass !== undefined && { pass }), key: last });
      }),
    );
  });
});
