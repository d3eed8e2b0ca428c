import { type Json, readJson, writeJson } from '@millrace/contract';
import { describe, expect, test } from 'vitest';
import { decide, decider } from './decide.ts';
import type { FlowNode } from './document.ts';
import { Run, refused, unreachable } from './run.fixture.ts';
import type { RunState } from './run-state.ts';

const later = (run: Run, at: string) => {
  run.at = at;
};

describe('a chain', () => {
  test('each step gets what the one before has put out, and the last output is the run’s', () => {
    const run = new Run('start > a, a > b');
    expect(run.started).toEqual(['perform a']);
    expect(run.input('a')).toBe('payload');
    expect(run.emit('a')).toEqual(['perform b']);
    expect(run.input('b')).toBe('a done');
    expect(run.emit('b')).toEqual([]);
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: 'b done' });
  });

  test('a trigger that leads nowhere ends at once with its payload', () => {
    const alone = new Run('start > a', {
      change: ({ nodes, ...flow }) => ({ ...flow, nodes: { start: nodes.start as FlowNode }, edges: [] }),
    });
    expect(alone.outcome).toEqual({ outcome: 'succeeded', output: 'payload' });
  });

  test('emitting null is an output like any other', () => {
    const run = new Run('start > a, a > b');
    run.emit('a', 'out', null);
    expect(run.input('b')).toBeNull();
    run.emit('b', 'out', null);
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: null });
  });

  test('a step knows when it was activated', () => {
    const run = new Run('start > a, a > b');
    later(run, '2026-11-21T09:00:00.000Z');
    run.emit('a');
    expect(run.state.context.active.b?.activatedAt).toBe('2026-11-21T09:00:00.000Z');
  });

  test('nodes may be called like what every JavaScript object inherits', () => {
    const run = new Run('start > constructor, constructor > toString, toString > valueOf');
    expect(run.emit('constructor')).toEqual(['perform toString']);
    expect(run.emit('valueOf')).toEqual([]);
    expect(run.last.ignored).toBe(true);
    run.emit('toString');
    expect(run.scope('valueOf').steps).toEqual({
      start: 'payload',
      constructor: 'constructor done',
      toString: 'toString done',
    });
  });
});

describe('an event that does not fit', () => {
  test('for a step that is not active changes nothing', () => {
    const run = new Run('start > a, a > b');
    const before = run.state;
    expect(run.emit('b')).toEqual([]);
    expect(run.last).toEqual({ state: before, actions: [], ignored: true });
  });

  test('for a step that has finished already changes nothing', () => {
    const run = new Run('start > a, a > b');
    run.emit('a');
    run.emit('a');
    expect(run.last.ignored).toBe(true);
  });

  test('after the end changes nothing', () => {
    const run = new Run('start > a');
    run.emit('a');
    run.fail('a');
    expect(run.last.ignored).toBe(true);
    expect(run.outcome?.outcome).toBe('succeeded');
  });

  test('a signal, a due time or an expiry without a wait changes nothing', () => {
    const run = new Run('start > wait');
    const { at } = run;
    for (const event of [
      { type: 'signal', signalId: 's' },
      { type: 'due' },
      { type: 'expire' },
      { type: 'retry' },
    ] as const) {
      run.send({ ...event, step: 'wait', at });
      expect(run.last.ignored).toBe(true);
    }
  });
});

describe('a failure', () => {
  test('leaves through the error port with the failed step’s own input and its error', () => {
    const run = new Run('start > a, a > b, b.error > handler, handler > after');
    run.emit('a');
    expect(run.fail('b')).toEqual(['perform handler']);
    expect(run.input('handler')).toBe('a done');
    expect(run.scope('handler').error).toEqual(refused);
    run.emit('handler');
    expect(run.scope('after').error).toEqual(refused);
  });

  test('without an error port goes to the flow’s onError node', () => {
    const run = new Run('start > a, a > b, handler > tidy', { change: (flow) => ({ ...flow, onError: 'handler' }) });
    expect(run.fail('a')).toEqual(['perform handler']);
    run.emit('handler');
    run.emit('tidy');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: 'tidy done' });
  });

  test('of the onError node, or behind it, fails the run', () => {
    const run = new Run('start > a, handler > tidy', { change: (flow) => ({ ...flow, onError: 'handler' }) });
    run.fail('a');
    run.emit('handler');
    run.fail('tidy');
    expect(run.outcome).toEqual({ outcome: 'failed', error: refused, step: 'tidy' });
  });

  test('that nothing takes fails the run, and other active steps just end', () => {
    const run = new Run('start > a b, a > j, b > j');
    run.fail('a');
    expect(run.outcome).toEqual({ outcome: 'failed', error: refused, step: 'a' });
    expect(run.active).toEqual([]);
    run.emit('b');
    expect(run.last.ignored).toBe(true);
  });

  test('port without an edge fails the step with the port’s code, the data and its problems', () => {
    const run = new Run('start > a', { nodes: { a: { title: 'Check it' } } });
    const errors = [{ code: 'REQUIRED', pointer: '/id', message: 'The id is missing.' }];
    run.emit('a', 'bad', { errors });
    expect(run.outcome).toMatchObject({
      outcome: 'failed',
      step: 'a',
      error: { category: 'validation', code: 'WORK_BAD', details: { errors }, problems: errors },
    });
    expect(run.outcome).toHaveProperty('error.message', expect.stringContaining('Check it'));
  });

  test('port without an edge goes to the error port where that has one', () => {
    const run = new Run('start > a, a.error > handler');
    expect(run.emit('a', 'bad')).toEqual(['perform handler']);
    expect(run.scope('handler').error).toMatchObject({ code: 'WORK_BAD' });
  });

  test('port with an edge is a way like any other', () => {
    const run = new Run('start > a, a.bad > reject');
    expect(run.emit('a', 'bad')).toEqual(['perform reject']);
    run.emit('reject');
    expect(run.outcome?.outcome).toBe('succeeded');
  });

  test('is what emitting on a port that the node does not have amounts to', () => {
    const run = new Run('start > a');
    run.emit('a', 'nowhere');
    expect(run.outcome).toMatchObject({ outcome: 'failed', error: { code: 'PORT_UNKNOWN' } });
  });

  test.each([
    ['emits on a port that leads on', false, (run: Run) => run.emit('a', 'bad')],
    ['emits on a port that it does not have', true, (run: Run) => run.emit('a', 'nowhere')],
    ['fails', true, (run: Run) => run.fail('a')],
    ['fails for a moment', true, (run: Run) => run.fail('a', unreachable)],
    ['waits', false, (run: Run) => run.wait('a', { channel: 'c', key: 'k' })],
  ])('is told of by the decision: of a step that %s, %s', (_what, failed, act) => {
    const run = new Run('start > a, a.bad > b, a.error > handler');
    act(run);
    expect(run.last.failed ?? false).toBe(failed);
  });

  test('an ordinary port without an edge ends the branch', () => {
    const run = new Run('start > a, a > b');
    run.emit('a', 'other');
    expect(run.outcome).toEqual({ outcome: 'succeeded', output: 'a done' });
  });
});

describe('retrying', () => {
  test('R-C7 follows the node’s ladder, the last rung repeating until its time is up', () => {
    const retry = { schedule: ['1m', '5m', '15m', '1h', '6h'], until: '24h', alertAfter: '24h' };
    const run = new Run('start > a', { nodes: { a: { retry } } });
    const pauses: number[] = [];
    for (let asked = run.fail('a', unreachable); !run.outcome; asked = run.fail('a', unreachable)) {
      const at = /retry a at (\S+)/.exec(asked[0] ?? '')?.[1] ?? '';
      pauses.push((Date.parse(at) - Date.parse(run.at)) / 60_000);
      later(run, at);
      expect(run.send({ type: 'retry', step: 'a', at })).toEqual(['perform a']);
    }
    expect(pauses).toEqual([1, 5, 15, 60, 360, 360, 360, 279]);
    expect(run.outcome).toMatchObject({ outcome: 'failed', error: unreachable });
  });

  test('R-C7 what the other side would refuse again is never tried again', () => {
    const run = new Run('start > a', { nodes: { a: { retry: { schedule: ['1m'] } } } });
    expect(run.fail('a', { category: 'validation', code: 'HTTP_400', message: 'Bad request.' })).toEqual([]);
    expect(run.outcome?.outcome).toBe('failed');
  });

  test('what would fail again the same way is not tried again', () => {
    const run = new Run('start > a');
    expect(run.send({ type: 'fail', step: 'a', error: unreachable, at: run.at, final: true })).toEqual([]);
    expect(run.outcome?.outcome).toBe('failed');
  });

  test('the step stays active and rests; a timer that fires twice performs it once', () => {
    const run = new Run('start > a');
    run.fail('a', unreachable);
    expect(run.state.context.active.a).toMatchObject({
      failures: 1,
      firstFailedAt: run.at,
      retryAt: expect.any(String),
    });
    expect(run.send({ type: 'retry', step: 'a', at: run.at })).toEqual(['perform a']);
    expect(run.state.context.active.a).not.toHaveProperty('retryAt');
    run.send({ type: 'retry', step: 'a', at: run.at });
    expect(run.last.ignored).toBe(true);
  });

  test('raises the alert of repeated failure once', () => {
    const run = new Run('start > a');
    const alerts = [1, 2, 3, 4].flatMap(() => {
      const asked = run.fail('a', unreachable);
      run.send({ type: 'retry', step: 'a', at: run.at });
      return [asked.filter((each) => each.startsWith('alert')).length];
    });
    expect(alerts).toEqual([0, 0, 1, 0]);
  });

  test('after the last attempt the error takes its port', () => {
    const run = new Run('start > a, a.error > handler', { nodes: { a: { retry: { attempts: 2 } } } });
    expect(run.fail('a', unreachable)).toEqual([expect.stringMatching(/^retry a at/)]);
    expect(run.fail('a', unreachable)).toEqual(['perform handler']);
  });

  test('deciding again decides alike, to the millisecond', () => {
    const run = new Run('start > a');
    const event = { type: 'fail', step: 'a', error: unreachable, at: run.at } as const;
    expect(decide(run.plan, run.state, event)).toEqual(decide(run.plan, run.state, event));
  });
});

describe('waiting', () => {
  const waiting = (edges = 'start > wait, wait > a') => {
    const run = new Run(edges);
    expect(run.wait('wait', { channel: 'erp', key: 'D-1' })).toEqual(['wait of wait for D-1 on erp']);
    return run;
  };

  test('keeps the step active until its signal has been understood', () => {
    const run = waiting();
    expect(run.state.context.active.wait).toMatchObject({ waiting: true, wait: { channel: 'erp', key: 'D-1' } });
    expect(run.send({ type: 'signal', step: 'wait', signalId: 's1', at: run.at })).toEqual(['resume wait']);
    expect(run.emit('wait')).toEqual(['perform a']);
  });

  test('beyond its due time raises an alert and goes on', () => {
    const run = waiting();
    expect(run.send({ type: 'due', step: 'wait', at: run.at })).toEqual(['alert WAIT_OVERDUE (warning) of wait']);
    expect(run.state.context.active.wait?.waiting).toBe(true);
  });

  test('that expires takes the expired port', () => {
    const run = waiting('start > wait, wait.expired > a');
    expect(run.send({ type: 'expire', step: 'wait', at: run.at })).toEqual(['perform a']);
    expect(run.input('a')).toEqual({ channel: 'erp', key: 'D-1', expiredAt: run.at });
  });

  test('that expires with nothing behind fails the run', () => {
    const run = waiting();
    run.send({ type: 'expire', step: 'wait', at: run.at });
    expect(run.outcome).toMatchObject({
      outcome: 'failed',
      error: { code: 'WAIT_EXPIRED', category: 'validation' },
      step: 'wait',
    });
  });

  test('that expires in a node without that port fails the same way', () => {
    const run = new Run('start > a');
    run.wait('a', { channel: 'erp', key: 'D-1' });
    run.send({ type: 'expire', step: 'a', at: run.at });
    expect(run.outcome).toMatchObject({ outcome: 'failed', error: { code: 'WAIT_EXPIRED' } });
  });
});

describe('what expressions see', () => {
  test('the trigger’s metadata with the payload as body, and the outputs of the steps before', () => {
    const run = new Run('start > a, a > b, b > c');
    run.emit('a');
    run.emit('b');
    expect(run.scope('c')).toEqual({
      input: 'b done',
      trigger: { method: 'POST', body: 'payload' },
      steps: { start: 'payload', a: 'a done', b: 'b done' },
    });
  });

  test('nothing of a branch beside', () => {
    const run = new Run('start > a b, a > c, b > d');
    run.emit('a');
    run.emit('b');
    expect(run.scope('d').steps).toEqual({ start: 'payload', b: 'b done' });
  });
});

describe('state', () => {
  const stored = (state: RunState) => readJson(writeJson(state as unknown as Json)) as unknown as RunState;

  test('survives storage with numbers that a double would round', () => {
    const payload = readJson('{ "price": 0.1000000000000000000001 }');
    const run = new Run('start > a, a > b', { payload });
    run.emit('a', 'out', payload);
    run.last = { ...run.last, state: stored(run.state) };
    expect(writeJson(run.input('b'))).toBe('{"price":0.1000000000000000000001}');
  });

  test('handed in is left alone', () => {
    const run = new Run('start > a b, a > j, b > j');
    const before = writeJson(run.state as unknown as Json);
    const { state } = run;
    run.emit('a');
    run.emit('b');
    expect(writeJson(state as unknown as Json)).toBe(before);
  });

  test('of a burst is what single decisions give', () => {
    const run = new Run('start > a, a > b');
    const burst = decider(run.plan, run.state);
    burst.decide({ type: 'emit', step: 'a', port: 'out', data: 'a done', at: run.at });
    run.emit('a');
    expect(burst.state).toEqual(run.state);
  });
});
