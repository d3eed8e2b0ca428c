import { MillraceError } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { compileFlow } from './compile.ts';
import { catalogue, flow } from './flows.fixture.ts';
import { Run } from './run.fixture.ts';

/** The edges named by the refusal of a flow whose branches do not nest. */
function crossing(edges: string): readonly string[] {
  const document = flow(edges);
  try {
    compileFlow(document, catalogue, 'hash');
  } catch (error) {
    const { problems = [] } = (error as MillraceError).options;
    return problems.map(({ code, pointer }) => {
      const { from, to } = document.edges[Number(pointer.split('/')[2])] ?? {};
      return `${code} ${from} > ${to}`;
    });
  }
  return [];
}

describe('branches', () => {
  test('several edges from one port run at once and meet at their join', () => {
    const run = new Run('start > f, f > a b, a > j, b > j');
    expect(run.emit('f')).toEqual(['perform a', 'perform b']);
    expect(run.emit('b')).toEqual([]);
    expect(run.emit('a')).toEqual(['perform j']);
    expect(run.input('j')).toEqual({ a: 'a done', b: 'b done' });
    run.emit('j');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: 'j done' });
  });

  test('a trigger may start several branches', () => {
    const run = new Run('start > a b, a > j, b > j');
    expect(run.started).toEqual(['perform a', 'perform b']);
    run.emit('a');
    expect(run.emit('b')).toEqual(['perform j']);
  });

  test('an edge straight to the join brings what the fan-out itself has put out', () => {
    const run = new Run('start > f, f > a j, a > j');
    run.emit('f');
    expect(run.emit('a')).toEqual(['perform j']);
    expect(run.input('j')).toEqual({ f: 'f done', a: 'a done' });
  });

  test('a branch that ends before the join contributes nothing and does not stop the others', () => {
    const run = new Run('start > f, f > a b, a > j, b > j');
    run.emit('f');
    run.emit('a', 'other');
    expect(run.emit('b')).toEqual(['perform j']);
    expect(run.input('j')).toEqual({ b: 'b done' });
    run.emit('j');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: 'j done' });
  });

  test('when every branch ends before the join, the join is never performed', () => {
    const run = new Run('start > f, f > a b, a > j, b > j');
    run.emit('f');
    run.emit('a', 'other');
    run.emit('b', 'other');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: { a: 'a done', b: 'b done' } });
  });

  test('joins nest: two branches meet first, and then a third', () => {
    const run = new Run('start > f, f > a b c, a > x, b > x, x > j, c > j');
    run.emit('f');
    run.emit('c');
    run.emit('a');
    expect(run.emit('b')).toEqual(['perform x']);
    expect(run.emit('x')).toEqual(['perform j']);
    expect(run.input('j')).toEqual({ c: 'c done', x: 'x done' });
  });

  test('a fan-out inside a branch may go on to the outer join', () => {
    const run = new Run('start > g, g > f d, f > a c, a > j, c > j, d > j');
    run.emit('g');
    run.emit('f');
    run.emit('d');
    run.emit('a');
    expect(run.emit('c')).toEqual(['perform j']);
    expect(run.input('j')).toEqual({ d: 'd done', a: 'a done', c: 'c done' });
  });

  test('a branch that joins nothing delays no one', () => {
    const run = new Run('start > f, f > a b side, a > j, b > j');
    run.emit('f');
    run.emit('a');
    expect(run.emit('b')).toEqual(['perform j']);
    run.emit('j');
    expect(run.outcome).toBeUndefined();
    run.emit('side');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: { side: 'side done', j: 'j done' } });
  });

  test('a side branch inside another fan-out does not delay the outer join either', () => {
    const run = new Run('start > g, g > f d, f > a side, a > j, d > j');
    run.emit('g');
    run.emit('d');
    expect(run.emit('f')).toEqual(['perform a', 'perform side']);
    expect(run.emit('a')).toEqual(['perform j']);
    run.emit('j');
    run.emit('side');
    expect(run.outcome).toMatchObject({ outcome: 'succeeded' });
  });

  test('exclusive ways may meet anywhere', () => {
    const run = new Run('start > a, a > b, a.other > c, b > d, c > d');
    run.emit('a', 'other');
    expect(run.emit('c')).toEqual(['perform d']);
    expect(run.input('d')).toBe('c done');
  });

  test('several triggers lead into the same flow', () => {
    const run = new Run('start1 > a, start2 > b, a > c, b > c', { trigger: 'start2' });
    expect(run.started).toEqual(['perform b']);
  });
});

describe('what branches share behind error and failure ports', () => {
  const shared = 'start > f, f > a b, a > j, b > j, a.error > handler, b.error > handler';

  test('is compiled into each of them with step keys of its own', () => {
    const { steps } = compileFlow(flow(shared), catalogue, 'hash');
    expect([...steps.keys()].sort()).toEqual(['a', 'b', 'f', 'f[a]/handler', 'f[b]/handler', 'j']);
  });

  test('is performed for each branch that needs it', () => {
    const run = new Run(shared);
    run.emit('f');
    expect(run.fail('a')).toEqual(['perform f[a]/handler']);
    expect(run.fail('b')).toEqual(['perform f[b]/handler']);
    run.emit('f[b]/handler');
    run.emit('f[a]/handler');
    expect(run.outcome).toEqual({
      outcome: 'succeeded',
      output: { 'f[a]/handler': 'f[a]/handler done', 'f[b]/handler': 'f[b]/handler done' },
    });
  });

  test('does not count as their join, even when they share nothing else', () => {
    const run = new Run('start > f, f > a b, a.bad > reject, b.bad > reject');
    run.emit('f');
    expect(run.emit('a', 'bad')).toEqual(['perform f[a]/reject']);
  });

  test('an error may lead to the join: the branch brings the input of the failed step', () => {
    const run = new Run('start > f, f > a b, a > j, b > j, a.error > j');
    run.emit('f');
    run.fail('a');
    expect(run.emit('b')).toEqual(['perform j']);
    expect(run.input('j')).toEqual({ f: 'f done', b: 'b done' });
    expect(run.scope('j').error).toMatchObject({ code: 'REFUSED' });
  });
});

describe('what does not nest is refused, naming both edges', () => {
  test('a branch that would have to wait at two joins', () => {
    expect(crossing('start > f, f > a b c, a > x, b > x, b > y, c > y')).toEqual([
      'FAN_OUT_CROSSING a > x',
      'FAN_OUT_CROSSING c > y',
    ]);
  });

  test('two nodes of which either could be the join', () => {
    expect(crossing('start > f, f > a b, a > x, a.other > y, b > x, b.other > y')).toEqual([
      'FAN_OUT_CROSSING a > x',
      'FAN_OUT_CROSSING b > y',
    ]);
  });

  test('a way out of a branch past its join', () => {
    expect(crossing('start > f, f > a b, a > x, b > x, x > j, a.other > j')).toEqual([
      'FAN_OUT_CROSSING a > j',
      'FAN_OUT_CROSSING b > x',
    ]);
  });

  test('a way out of an inner fan-out to the outer join', () => {
    expect(crossing('start > g, g > f d, f > a b, a > x, b > x, x > j, d > j, a.error > j')).toEqual([
      'FAN_OUT_CROSSING a > j',
      'FAN_OUT_CROSSING b > x',
    ]);
  });
});

describe('compileFlow', () => {
  test('refuses a graph that cannot be compiled, with its problems', () => {
    const compile = () => compileFlow(flow('a > b, b > a'), catalogue, 'hash');
    expect(compile).toThrow(MillraceError);
    expect(compile).toThrow(expect.objectContaining({ code: 'FLOW_INVALID' }));
  });

  test('makes a plain XState machine that knows its states by the steps’ names', () => {
    const { machine } = compileFlow(flow('start > a, a > b'), catalogue, 'hash');
    expect(Object.keys(machine.states['(main)']?.states ?? {})).toEqual(['a', 'b', '(end)']);
  });

  test('a shared handler that would be multiplied beyond measure is refused', () => {
    const stages = Array.from(
      { length: 14 },
      (_, i) => `f${i} > a${i} b${i}, a${i}.error > f${i + 1}, b${i}.error > f${i + 1}`,
    );
    expect(() => compileFlow(flow(`start > f0, ${stages.join(', ')}`), catalogue, 'hash')).toThrow(
      /more than 10000 steps/,
    );
  });

  test('fan-outs inside fan-outs have a bound', () => {
    const levels = (depth: number) =>
      flow(
        `start > f0, ${Array.from({ length: depth }, (_, level) => `f${level} > f${level + 1} side${level}`).join(', ')}`,
      );
    expect(compileFlow(levels(64), catalogue, 'hash').steps.size).toBe(129);
    expect(() => compileFlow(levels(65), catalogue, 'hash')).toThrow(/more than 64 deep/);
  });
});
