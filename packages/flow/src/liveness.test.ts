import { describe, expect, test } from 'vitest';
import { Run } from './run.fixture.ts';
import type { ExpressionCheck } from './validate/check-expressions.ts';

/** Names in `$steps.<name>`, and `$steps` alone for all. */
const reads: ExpressionCheck = (text) => ({
  steps: [...text.matchAll(/\$steps\.(\w+)/g)].map(([, id]) => id as string),
  readsAllSteps: /\$steps(?!\.)/.test(text),
  params: [],
  variables: text.includes('$error') ? ['error'] : [],
});
const reading = (text: string, parent?: string) => ({ config: { text: `{% ${text} %}` }, ...(parent && { parent }) });
const kept = (run: Run) => Object.keys(run.state.context.outputs);

describe('a state carries', () => {
  test('the output that is the next step’s input, and no older one that nobody reads', () => {
    const run = new Run('start > a, a > b, b > c', { reads });
    run.emit('a');
    expect(kept(run)).toEqual(['a']);
    run.emit('b');
    expect(kept(run)).toEqual(['b']);
    run.emit('c');
    expect(run.outcome).toMatchObject({ output: 'c done' });
  });

  test('an output until the last step that names it has run', () => {
    const run = new Run('start > a, a > b, b > c, c > d', { reads, nodes: { c: reading('$steps.a') } });
    run.emit('a');
    run.emit('b');
    expect(kept(run)).toEqual(['a', 'b']);
    run.emit('c');
    expect(kept(run)).toEqual(['c']);
  });

  test('nothing for a way that was not taken', () => {
    const edges = 'start > a, a > b, b > c, b.other > d';
    const run = new Run(edges, { reads, nodes: { d: reading('$steps.a') } });
    run.emit('a');
    expect(kept(run)).toEqual(['a']);
    run.emit('b');
    expect(kept(run)).toEqual(['b']);
  });

  test('everything before a step that reads $steps as a whole', () => {
    const run = new Run('start > a, a > b, b > c, c > d', { reads, nodes: { c: reading('$keys($steps)') } });
    run.emit('a');
    run.emit('b');
    expect(kept(run)).toEqual(['a', 'b']);
    run.emit('c');
    expect(kept(run)).toEqual(['c']);
  });

  test('what another branch, the join or the run’s output needs', () => {
    const edges = 'start > f, f > a b, a > x, x > j, b > j, j > z';
    const run = new Run(edges, { reads, nodes: { b: reading('$steps.f'), z: reading('$steps.a') } });
    run.emit('f');
    run.emit('a');
    run.emit('x');
    expect(kept(run)).toEqual(['f', 'a', 'x']);
    run.emit('b');
    expect(kept(run)).toEqual(['a', 'x', 'b']);
    run.emit('j');
    expect(kept(run)).toEqual(['a', 'j']);
  });

  test('no output of a branch that ended before its join, once the join goes on without it', () => {
    const run = new Run('start > f, f > a b, a > j, b > j, j > z', { reads });
    run.emit('f');
    run.emit('a', 'other');
    expect(kept(run)).toEqual(['f', 'a']);
    run.emit('b');
    expect(kept(run)).toEqual(['b']);
  });

  test('an error as long as somebody behind it reads $error', () => {
    const edges = 'start > a, a.error > b, b > c, c > d';
    const run = new Run(edges, { reads, nodes: { c: reading('$error.code') } });
    run.fail('a');
    run.emit('b');
    expect(Object.keys(run.state.context.errors)).toEqual(['a']);
    expect(run.scope('c').error).toMatchObject({ code: 'REFUSED' });
    run.emit('c');
    expect(run.state.context.errors).toEqual({});
    const unread = new Run(edges, { reads });
    unread.fail('a');
    expect(unread.state.context.errors).toEqual({});
  });

  test('for a loop what its body reads, and in a pass only what the pass still reads', () => {
    const nodes = { b: { parent: 'loop' }, c: reading('$steps.a', 'loop'), d: { parent: 'loop' } };
    const run = new Run('start > a, a > x, x > loop, loop > z, b > c, c > d', { reads, nodes });
    run.emit('a');
    run.emit('x');
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    run.emit('loop[0]/b');
    expect(kept(run)).toEqual(['a', 'x']);
    expect(run.scope('loop[0]/c').steps).toEqual({ start: 'payload', a: 'a done', x: 'x done', b: 'loop[0]/b done' });
    run.emit('loop[0]/c');
    expect(Object.keys(run.state.passes?.['loop[0]']?.context.outputs ?? {})).toEqual(['c']);
    run.emit('loop[0]/d');
    run.emit('loop', 'out', []);
    expect(kept(run)).toEqual(['loop']);
  });

  test('everything, where it is not known what is read', () => {
    const run = new Run('start > a, a > b, b > c');
    run.emit('a');
    run.emit('b');
    expect(kept(run)).toEqual(['a', 'b']);
  });
});
