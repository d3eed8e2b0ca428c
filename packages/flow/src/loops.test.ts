import { type Json, writeJson } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { decide } from './decide.ts';
import type { FlowDocument } from './document.ts';
import { stepOf } from './plan.ts';
import { atLoop, inLoop, Run, refused, unreachable } from './run.fixture.ts';
import type { RunState } from './run-state.ts';
import { activeStep } from './stored.ts';

const withErrorEdge = (document: FlowDocument, from: string, to: string) => ({
  ...document,
  edges: [...document.edges, { from, port: 'error', to }],
});

describe('a loop over items', () => {
  test('runs its body for one item after the other and emits what has been gathered', () => {
    const run = atLoop();
    expect(run.each('loop', { total: 2 })).toEqual(['item 0 of loop']);
    expect(run.item('loop', 0)).toEqual(['perform loop[0]/send']);
    expect(run.emit('loop[0]/send')).toEqual(['perform loop[0]/check']);
    expect(run.emit('loop[0]/check')).toEqual(['loop[0] gave "loop[0]/check done"', 'item 1 of loop']);
    expect(run.item('loop', 1)).toEqual(['perform loop[1]/send']);
    run.emit('loop[1]/send');
    expect(run.emit('loop[1]/check')).toEqual(['loop[1] gave "loop[1]/check done"', 'gather loop with 0 failed']);
    expect(run.emit('loop', 'out', ['a', 'b'])).toEqual(['perform after']);
    expect(run.input('after')).toEqual(['a', 'b']);
    run.emit('after');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: 'after done' });
  });

  test('keeps as many passes under way as may run at once, whatever order items and results come in', () => {
    const run = atLoop();
    expect(run.each('loop', { total: 4, concurrency: 2 })).toEqual(['item 0 of loop', 'item 1 of loop']);
    run.item('loop', 1);
    run.emit('loop[1]/send');
    expect(run.emit('loop[1]/check')).toContain('item 2 of loop');
    expect(run.item('loop', 0)).toEqual(['perform loop[0]/send']);
    expect(run.item('loop', 2)).toEqual(['perform loop[2]/send']);
    expect(run.state.context.active.loop?.passes).toMatchObject({ next: 3, asked: [], running: [0, 2], ended: 1 });
  });

  test('of unknown length ends where the list does', () => {
    const run = atLoop();
    run.each('loop', { concurrency: 3 });
    run.item('loop', 0);
    expect(run.noItem('loop', 1)).toEqual([]);
    run.noItem('loop', 2);
    expect(run.last.ignored).toBe(true);
    run.emit('loop[0]/send');
    expect(run.emit('loop[0]/check')).toEqual(['loop[0] gave "loop[0]/check done"', 'gather loop with 0 failed']);
  });

  test('that are none is gathered at once', () => {
    expect(atLoop().each('loop', { total: 0 })).toEqual(['gather loop with 0 failed']);
    const unknown = atLoop();
    unknown.each('loop');
    expect(unknown.noItem('loop', 0)).toEqual(['gather loop with 0 failed']);
  });

  test('an item that was not asked for, or comes twice, changes nothing', () => {
    const run = atLoop();
    run.item('loop', 0);
    expect(run.last.ignored).toBe(true);
    run.each('loop', { total: 3 });
    run.item('loop', 1);
    expect(run.last.ignored).toBe(true);
    run.item('loop', 0);
    run.item('loop', 0);
    expect(run.last.ignored).toBe(true);
    run.each('loop', { total: 3 });
    expect(run.last.ignored).toBe(true);
  });

  test('holds neither items nor results in the loop’s account', () => {
    const run = atLoop();
    run.each('loop', { total: 2 });
    run.item('loop', 0, 'a very long item');
    run.emit('loop[0]/send', 'out', 'a very long output');
    run.emit('loop[0]/check', 'out', 'a very long result');
    expect(writeJson(run.state as unknown as Json)).not.toContain('very long');
  });

  test('a body may begin with several nodes at once, and joins in it give the pass its output', () => {
    const run = new Run('start > loop, a > j, b > j', { nodes: { a: inLoop, b: inLoop, j: inLoop } });
    run.each('loop', { total: 1 });
    expect(run.item('loop', 0)).toEqual(['perform loop[0]/a', 'perform loop[0]/b']);
    run.emit('loop[0]/b', 'out', 2);
    expect(run.emit('loop[0]/a', 'out', 1)).toEqual(['perform loop[0]/j']);
    expect(run.input('loop[0]/j')).toEqual({ a: 1, b: 2 });
    expect(run.emit('loop[0]/j')).toContain('loop[0] gave "loop[0]/j done"');
  });

  test('a pass that ends at several nodes gives what a run would', () => {
    const run = new Run('start > loop', { nodes: { a: inLoop, b: inLoop } });
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    run.emit('loop[0]/b', 'out', 2);
    expect(run.emit('loop[0]/a', 'out', 1)).toContain('loop[0] gave {"a":1,"b":2}');
  });

  test('a loop in two branches of a fan-out is two loops with one body', () => {
    const edges = 'start > f, f > a b, a > j, b > j, a.error > loop, b.error > loop';
    const run = new Run(edges, { nodes: { send: inLoop } });
    run.emit('f');
    run.fail('a');
    run.fail('b');
    run.each('f[a]/loop', { total: 1 });
    run.each('f[b]/loop', { total: 1 });
    run.item('f[a]/loop', 0);
    expect(run.item('f[b]/loop', 0)).toEqual(['perform f[b]/loop[0]/send']);
    expect(stepOf(run.plan, 'f[a]/loop')?.body).toBe(stepOf(run.plan, 'f[b]/loop')?.body);
    expect(run.emit('f[a]/loop[0]/send')).toContain('f[a]/loop[0] gave "f[a]/loop[0]/send done"');
    expect(run.active).toEqual(['f[a]/loop', 'f[b]/loop', 'f[b]/loop[0]/send']);
  });
});

describe('a failed pass', () => {
  const three = (onItemError: 'stop' | 'continue') => {
    const run = atLoop();
    run.each('loop', { total: 3, concurrency: 2, onItemError });
    run.item('loop', 0);
    run.item('loop', 1);
    return run;
  };

  test('stops the loop: the other passes are dropped, and its error port tells which item it was', () => {
    const run = three('stop');
    expect(run.fail('loop[1]/send')).toEqual(['loop failed by REFUSED', 'perform handler', 'drop loop[0] loop[1]']);
    expect(run.scope('handler').error).toEqual({ ...refused, details: { index: 1, step: 'loop[1]/send' } });
    expect(run.input('handler')).toBe('before done');
    expect(run.state).not.toHaveProperty('passes');
    run.emit('loop[0]/send');
    expect(run.last.ignored).toBe(true);
  });

  test('without an error port fails the run', () => {
    const run = new Run('start > loop', { nodes: { send: inLoop } });
    run.each('loop', { total: 2, concurrency: 2 });
    run.item('loop', 0);
    run.item('loop', 1);
    expect(run.fail('loop[0]/send')).toEqual(['loop failed by REFUSED', 'drop loop[0] loop[1]']);
    expect(run.outcome).toMatchObject({ outcome: 'failed', step: 'loop', error: { details: { index: 0 } } });
  });

  test('goes to the flow’s onError node by way of the loop, not from inside the body', () => {
    const change = (document: FlowDocument) => ({ ...document, onError: 'rescue' });
    const run = new Run('start > loop', { nodes: { send: inLoop, rescue: {} }, change });
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    expect(run.fail('loop[0]/send')).toEqual(['loop failed by REFUSED', 'perform rescue', 'drop loop[0]']);
  });

  test('is counted where the others shall go on', () => {
    const run = three('continue');
    expect(run.fail('loop[1]/send')).toEqual(['loop[1] failed', 'item 2 of loop', 'drop loop[1]']);
    run.emit('loop[0]/send');
    run.emit('loop[0]/check');
    run.item('loop', 2);
    expect(run.fail('loop[2]/send')).toEqual(['loop[2] failed', 'gather loop with 2 failed', 'drop loop[2]']);
    run.emit('loop', 'partial', { results: [] });
    expect(run.scope('handler').error).toMatchObject({ code: 'ITEMS_FAILED' });
  });

  test('an error handled inside the body is no failure of the pass', () => {
    const run = atLoop({ nodes: { caught: inLoop }, change: (doc) => withErrorEdge(doc, 'send', 'caught') });
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    expect(run.fail('loop[0]/send')).toEqual(['perform loop[0]/caught']);
    expect(run.scope('loop[0]/caught')).toMatchObject({ input: 'item 0', error: refused });
    expect(run.emit('loop[0]/caught')).toEqual(['loop[0] gave "loop[0]/caught done"', 'gather loop with 0 failed']);
  });

  test('a step in a body is tried again like any other, each pass at its own moment', () => {
    const run = atLoop();
    run.each('loop', { total: 2, concurrency: 2 });
    run.item('loop', 0);
    run.item('loop', 1);
    const pauses = [0, 1].map((index) => run.fail(`loop[${index}]/send`, unreachable)[0]);
    expect(pauses[0]).toMatch(/^retry loop\[0\]\/send at /);
    expect(pauses[0]?.slice(-24)).not.toBe(pauses[1]?.slice(-24));
    expect(run.send({ type: 'retry', step: 'loop[1]/send', at: run.at })).toEqual(['perform loop[1]/send']);
  });
});

describe('waiting in a body', () => {
  const waiting = () => {
    const run = new Run('start > loop, loop > after, wait > a', { nodes: { wait: inLoop, a: inLoop } });
    run.each('loop', { total: 2, concurrency: 2 });
    run.item('loop', 0);
    run.item('loop', 1);
    for (const index of [0, 1]) run.wait(`loop[${index}]/wait`, { channel: 'erp', key: `D-${index}` });
    return run;
  };

  test('each pass waits for itself, and goes on by its own signal', () => {
    const run = waiting();
    expect(run.send({ type: 'signal', step: 'loop[1]/wait', signalId: 's', at: run.at })).toEqual([
      'resume loop[1]/wait',
    ]);
    expect(run.emit('loop[1]/wait')).toEqual(['perform loop[1]/a']);
    expect(activeStep(run.state, 'loop[0]/wait')).toMatchObject({ waiting: true, wait: { key: 'D-0' } });
  });

  test('a wait that is overdue alerts, and one that expires fails its pass', () => {
    const run = waiting();
    expect(run.send({ type: 'due', step: 'loop[0]/wait', at: run.at })).toEqual([
      'alert WAIT_OVERDUE (warning) of loop[0]/wait',
    ]);
    expect(run.send({ type: 'expire', step: 'loop[0]/wait', at: run.at })).toEqual([
      'loop failed by WAIT_EXPIRED',
      'drop loop[0] loop[1]',
    ]);
  });

  test('needs only the passes in which something happens; the others may stay where they are stored', () => {
    const run = waiting();
    const { passes = {}, ...root } = run.state;
    const partial: RunState = { ...root, passes: { 'loop[1]': passes['loop[1]'] as never } };
    const { actions, state } = decide(run.plan, partial, {
      type: 'fail',
      step: 'loop[1]/wait',
      error: refused,
      at: run.at,
    });
    expect(actions).toContainEqual({ type: 'dropPasses', step: 'loop', passes: ['loop[0]', 'loop[1]'] });
    expect(state.outcome).toMatchObject({ outcome: 'failed' });
  });
});

describe('a body that runs once more', () => {
  const repeated = () => {
    const run = atLoop();
    expect(run.pass('loop', 'first')).toEqual(['perform loop[0]/send']);
    run.emit('loop[0]/send');
    expect(run.emit('loop[0]/check')).toEqual(['loop[0] gave "loop[0]/check done"']);
    return run;
  };

  test('gives its output to the node, which says what follows: once more …', () => {
    const run = repeated();
    expect(run.pass('loop', 'second')).toEqual(['perform loop[1]/send']);
    expect(run.input('loop[1]/send')).toBe('second');
    expect(Object.keys(run.state.passes ?? {})).toEqual(['loop[1]']);
  });
  test('… a result …', () => {
    const run = repeated();
    expect(run.emit('loop', 'out', 'good')).toEqual(['perform after']);
    expect(run.state).not.toHaveProperty('passes');
  });
  test('… an error …', () => {
    const run = repeated();
    expect(run.fail('loop')).toEqual(['perform handler']);
    expect(run.state).not.toHaveProperty('passes');
  });
  test('… or a wait before the next pass', () => {
    const run = repeated();
    run.wait('loop', { channel: 'delay', key: 'k' });
    expect(run.state).not.toHaveProperty('passes');
    run.send({ type: 'signal', step: 'loop', signalId: 's', at: run.at });
    expect(run.pass('loop', 'second')).toEqual(['perform loop[1]/send']);
    expect(activeStep(run.state, 'loop')).not.toHaveProperty('waiting');
  });

  test('is not begun anew while a pass is under way', () => {
    const run = atLoop();
    run.pass('loop', 'first');
    run.pass('loop', 'second');
    expect(run.last.ignored).toBe(true);
  });

  test('asks the node again when it could not say what follows', () => {
    const run = repeated();
    expect(run.fail('loop', unreachable)).toEqual([expect.stringMatching(/^retry loop at/)]);
    expect(run.send({ type: 'retry', step: 'loop', at: run.at })).toEqual(['loop[0] gave "loop[0]/check done"']);
  });

  test('and fails, fails the loop for good', () => {
    const run = atLoop();
    run.pass('loop', 'first');
    expect(run.send({ type: 'fail', step: 'loop[0]/send', error: unreachable, at: run.at, final: true })).toEqual([
      'loop failed by UNREACHABLE',
      'perform handler',
      'drop loop[0]',
    ]);
  });
});
