import { describe, expect, test } from 'vitest';
import { atLoop, inLoop, Run } from './run.fixture.ts';

describe('bounds', () => {
  test('a run may not take more steps than allowed; steps in passes count for their pass alone', () => {
    const run = atLoop({ bounds: { steps: 3 } });
    run.each('loop', { total: 2 });
    for (const index of [0, 1]) {
      run.item('loop', index);
      run.emit(`loop[${index}]/send`);
      run.emit(`loop[${index}]/check`);
    }
    expect(run.emit('loop', 'out', [])).toEqual(['perform after']);
    run.emit('after');
    expect(run.outcome?.outcome).toBe('succeeded');
  });

  test('beyond, the step that would lead on fails', () => {
    const run = new Run('start > a, a > b, b > c', { bounds: { steps: 2 } });
    run.emit('a');
    run.emit('b');
    expect(run.last.failed).toBe(true);
    expect(run.outcome).toMatchObject({ outcome: 'failed', step: 'b', error: { code: 'RUN_TOO_MANY_STEPS' } });
  });

  test('a pass has the same bound', () => {
    const run = atLoop({
      bounds: { steps: 2 },
      nodes: { third: inLoop },
      change: (doc) => ({
        ...doc,
        edges: [...doc.edges, { from: 'check', to: 'third' }],
      }),
    });
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    run.emit('loop[0]/send');
    expect(run.emit('loop[0]/check')).toContain('loop failed by RUN_TOO_MANY_STEPS');
  });

  test('a loop may not have more passes than allowed, known at once or found on the way', () => {
    const bounds = { passes: 2 };
    expect(atLoop({ bounds }).each('loop', { total: 3 })).toEqual([
      'perform handler',
      'loop failed by LOOP_TOO_MANY_PASSES',
    ]);
    const found = atLoop({ bounds });
    found.each('loop', { concurrency: 3 });
    found.item('loop', 0);
    expect(found.item('loop', 2)).toContain('loop failed by LOOP_TOO_MANY_PASSES');
    expect(found.last.passes?.gone).toEqual(['loop[0]']);
    expect(atLoop().each('loop', { total: 1_000_000 })).toEqual(['item 0 of loop']);
    expect(atLoop().each('loop', { total: 1_000_001 })).toContain('loop failed by LOOP_TOO_MANY_PASSES');
  });

  test('nor repeat more often', () => {
    const run = atLoop({ bounds: { passes: 1 } });
    run.pass('loop', 1);
    run.emit('loop[0]/send');
    run.emit('loop[0]/check');
    expect(run.pass('loop', 2)).toContain('loop failed by LOOP_TOO_MANY_PASSES');
  });

  test.each([0, -1, 1.5, Number.NaN, 1001])('%d passes at once are refused', (concurrency) => {
    expect(atLoop().each('loop', { concurrency })).toContain('loop failed by LOOP_TOO_WIDE');
  });

  test('a node without a body cannot run one', () => {
    const run = new Run('start > a');
    expect(run.each('a')).toEqual(['a failed by BODY_MISSING']);
    expect(run.outcome?.outcome).toBe('failed');
  });
});
