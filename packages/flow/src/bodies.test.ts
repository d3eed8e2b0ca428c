import { describe, expect, test } from 'vitest';
import { compileFlow } from './compile.ts';
import { catalogue, flow } from './flows.fixture.ts';
import { stepOf } from './plan.ts';
import { atLoop, inLoop, Run, refused } from './run.fixture.ts';

describe('loops in loops', () => {
  const nested = () => {
    const run = new Run('start > loop, loop > after, loopIn > last', {
      nodes: { loopIn: inLoop, last: inLoop, send: { parent: 'loopIn' } },
    });
    run.each('loop', { total: 2, concurrency: 2 });
    run.item('loop', 0, 'outer 0');
    run.item('loop', 1, 'outer 1');
    for (const index of [0, 1]) run.each(`loop[${index}]/loopIn`, { total: 2, concurrency: 2 });
    return run;
  };

  test('have keys that are unique in the run', () => {
    const run = nested();
    expect(run.item('loop[1]/loopIn', 0)).toEqual(['perform loop[1]/loopIn[0]/send']);
    expect(run.emit('loop[1]/loopIn[0]/send', 'out', 'x')).toEqual(['loop[1]/loopIn[0] gave "x"']);
    expect(stepOf(run.plan, 'loop[1]/loopIn[0]/send')?.nodeId).toBe('send');
  });

  test('the inner result is the inner loop’s output in that pass', () => {
    const run = nested();
    expect(run.emit('loop[1]/loopIn', 'out', [1])).toEqual(['perform loop[1]/last']);
    expect(run.emit('loop[1]/last', 'out', 'done')).toContain('loop[1] gave "done"');
  });

  test('a failure goes outwards from loop to loop, and drops all that is under them', () => {
    const run = nested();
    run.item('loop[0]/loopIn', 0);
    run.item('loop[1]/loopIn', 0);
    run.item('loop[1]/loopIn', 1);
    expect(run.fail('loop[1]/loopIn[0]/send')).toEqual([
      'loop[1]/loopIn failed by REFUSED',
      'drop loop[1]/loopIn[0] loop[1]/loopIn[1]',
      'loop failed by REFUSED',
      'drop loop[0] loop[1]',
    ]);
    expect(run.outcome).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'REFUSED',
        details: {
          index: 1,
          step: 'loop[1]/loopIn',
          details: { index: 0, step: 'loop[1]/loopIn[0]/send' },
        },
      },
    });
    expect(run.last.passes).toMatchObject({ changed: [], root: true });
    expect(run.last.passes?.gone).toEqual(expect.arrayContaining(['loop[0]', 'loop[1]', 'loop[1]/loopIn[1]']));
  });
});

describe('what expressions see in a body', () => {
  test('the item and its index, the steps of the pass, and all that the loop could see', () => {
    const run = atLoop();
    run.each('loop', { total: 2, concurrency: 2 });
    run.item('loop', 0);
    run.item('loop', 1, { sku: 'A-1' });
    run.emit('loop[0]/send', 'out', 'of another pass');
    run.emit('loop[1]/send', 'out', 'sent');
    expect(run.scope('loop[1]/check')).toEqual({
      input: 'sent',
      item: { sku: 'A-1' },
      index: 1,
      trigger: { method: 'POST', body: 'payload' },
      steps: { start: 'payload', before: 'before done', send: 'sent' },
    });
  });

  test('the item is the input of the first nodes', () => {
    const run = atLoop();
    run.each('loop', { total: 1 });
    run.item('loop', 0, { sku: 'A-1' });
    expect(run.scope('loop[0]/send')).toMatchObject({ input: { sku: 'A-1' }, item: { sku: 'A-1' }, index: 0 });
  });

  test('outside a body there is no item, and nothing of a body', () => {
    const run = atLoop();
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    run.emit('loop[0]/send');
    run.emit('loop[0]/check');
    run.emit('loop', 'out', []);
    expect(run.scope('after')).toEqual({
      input: [],
      trigger: { method: 'POST', body: 'payload' },
      steps: { start: 'payload', before: 'before done', loop: [] },
    });
  });

  test('in an inner body the inner item, and the steps of the pass around it', () => {
    const run = new Run('start > loop, a > loopIn', {
      nodes: { a: inLoop, loopIn: inLoop, send: { parent: 'loopIn' } },
    });
    run.each('loop', { total: 1 });
    run.item('loop', 0, 'outer');
    run.emit('loop[0]/a', 'out', 'a');
    run.each('loop[0]/loopIn', { total: 4, concurrency: 4 });
    run.item('loop[0]/loopIn', 3, 'inner');
    expect(run.scope('loop[0]/loopIn[3]/send')).toMatchObject({
      input: 'inner',
      item: 'inner',
      index: 3,
      steps: { start: 'payload', a: 'a' },
    });
  });

  test('the error behind which the loop stands', () => {
    const run = new Run('start > a, a.error > loop', { nodes: { send: inLoop } });
    run.fail('a');
    run.each('loop', { total: 1 });
    run.item('loop', 0);
    expect(run.scope('loop[0]/send').error).toEqual(refused);
  });
});

describe('a flow that is compiled', () => {
  test('has a machine for each body, whatever the order of its nodes and edges', () => {
    const document = flow('start > loop, a > b, loop > z', { a: inLoop, b: inLoop });
    const nodes = Object.fromEntries(Object.entries(document.nodes).toReversed());
    const keysOf = (doc: typeof document) => {
      const { steps } = compileFlow(doc, catalogue, 'hash');
      return [[...steps.keys()], [...(steps.get('loop')?.body?.steps.keys() ?? [])]];
    };
    expect(keysOf(document)).toEqual([
      ['loop', 'z'],
      ['a', 'b'],
    ]);
    expect(keysOf({ ...document, nodes, edges: document.edges.toReversed() })).toEqual(keysOf(document));
  });
});
