import { type Json, readJson, writeJson } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { atLoop, Run, refused, unreachable } from './run.fixture.ts';
import type { RunState } from './run-state.ts';
import { activeStep, activeSteps, dehydrate, hydrate, outstanding } from './stored.ts';

describe('a stored state', () => {
  test('need not hold what the trigger brought, and has it again when it is read', () => {
    const run = new Run('start > a', { payload: { order: 'a long one' } });
    const { payload, meta } = run.state.context.trigger;
    const stored = dehydrate(run.state);
    expect(JSON.stringify(stored)).not.toContain('a long one');
    expect(hydrate(stored, { payload, meta })).toEqual(run.state);
  });

  test('of a pass need not hold its item', () => {
    const run = new Run('start > loop', { nodes: { a: { parent: 'loop' } } });
    run.each('loop', { total: 1 });
    run.item('loop', 0, 'a long one');
    const pass = run.state.passes?.['loop[0]'];
    const stored = pass && dehydrate(pass);
    expect(JSON.stringify(stored)).not.toContain('a long one');
    expect(stored && hydrate(stored, { payload: 'a long one', meta: {} })).toEqual(pass);
  });

  test('tells of active steps, in passes too, and of no others', () => {
    const run = new Run('start > constructor, constructor > loop', { nodes: { a: { parent: 'loop' } } });
    expect(activeStep(run.state, 'toString')).toBeUndefined();
    run.emit('constructor');
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    expect(activeSteps(run.state).map(([step]) => step)).toEqual(['loop', 'loop[0]/a']);
    expect(activeStep(run.state, 'loop[0]/a')).toMatchObject({ failures: 0 });
    expect(activeStep(run.state, 'loop[1]/a')).toBeUndefined();
    expect(activeStep(run.state, 'loop[0]/b')).toBeUndefined();
    run.fail('loop[0]/a', refused);
    expect(activeSteps(run.state)).toEqual([]);
  });
});

describe('what has to be stored', () => {
  test('is told for each pass that begins, moves or is over', () => {
    const run = atLoop();
    run.each('loop', { total: 2, concurrency: 2 });
    expect(run.last.passes).toBeUndefined();
    run.item('loop', 0);
    expect(run.last.passes).toEqual({ changed: ['loop[0]'], gone: [], root: true });
    run.emit('loop[0]/send');
    expect(run.last.passes).toEqual({ changed: ['loop[0]'], gone: [], root: false });
    run.emit('loop[0]/check');
    expect(run.last.passes).toEqual({ changed: [], gone: ['loop[0]'], root: true });
  });

  test('a pass whose output the node has not answered stays, output and all', () => {
    const run = atLoop();
    run.pass('loop', 'first');
    run.emit('loop[0]/send');
    run.emit('loop[0]/check');
    expect(run.last.passes).toEqual({ changed: ['loop[0]'], gone: [], root: false });
    expect(run.state.passes?.['loop[0]']?.outcome).toEqual({ outcome: 'succeeded', output: 'loop[0]/check done' });
  });
});

describe('a run that is taken up again', () => {
  const asked = (run: Run) =>
    outstanding(readJson(writeJson(run.state as unknown as Json)) as unknown as RunState).map(
      (action) => `${action.type} ${action.step}${'index' in action ? ` ${action.index}` : ''}`,
    );

  test('asks again for items, and performs again what was being performed', () => {
    const run = atLoop();
    expect(asked(run)).toEqual(['perform loop']);
    run.each('loop', { total: 3, concurrency: 2 });
    run.item('loop', 0);
    expect(asked(run)).toEqual(['nextItem loop 1', 'perform loop[0]/send']);
  });

  test('leaves waits and pauses alone', () => {
    const run = atLoop();
    run.each('loop', { total: 3, concurrency: 2 });
    run.item('loop', 0);
    run.item('loop', 1);
    run.wait('loop[0]/send', { channel: 'c', key: 'k' });
    run.fail('loop[1]/send', unreachable);
    expect(asked(run)).toEqual([]);
  });

  test('gathers again what was complete', () => {
    const run = atLoop();
    run.each('loop', { total: 0 });
    expect(asked(run)).toEqual(['gather loop']);
  });

  test('gives the node again the output that it has not answered', () => {
    const run = atLoop();
    run.pass('loop', 'first');
    run.emit('loop[0]/send');
    run.emit('loop[0]/check');
    expect(asked(run)).toEqual(['passEnded loop 0']);
  });
});
