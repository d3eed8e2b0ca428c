import { describe, expect, test } from 'vitest';
import { findTrouble, type Look } from './rules.ts';

const calm: Look = {
  tenants: ['t'],
  failures: [],
  lateRuns: [],
  lateTimers: [],
  deadLetters: [],
  processes: { alive: 1, working: 1, lost: 0 },
  refusedLogins: [],
};
const told = (look: Partial<Look>) =>
  findTrouble({ ...calm, ...look }).map(({ code, severity, message }) => `${code} (${severity}) ${message}`);

test('where all is well nothing is told', () => {
  expect(told({})).toEqual([]);
});

describe('failures of a flow', () => {
  const failing = (category: string, failures: number) =>
    told({ failures: [{ tenant: 't', environment: 'production', flowId: 'orders', category, failures }] });

  test.each([
    ['transient', 3],
    ['rate-limit', 5],
    ['validation', 10],
  ])('R-F8 of the category %s are told from %i on', (category, most) => {
    expect(failing(category, most - 1)).toEqual([]);
    expect(failing(category, most)).toEqual([
      `FLOW_FAILING (warning) ${most} steps of the flow “orders” failed within 15 minutes with errors of the category “${category}”.`,
    ]);
  });

  test('of other categories are told by the step or the dead letters', () => {
    for (const category of ['server', 'not-found', 'auth', 'unheard-of']) expect(failing(category, 100)).toEqual([]);
  });
});

describe('failed runs that nobody deals with', () => {
  const open = (count: number, seconds: number) =>
    told({ deadLetters: [{ tenant: 't', environment: 'production', flowId: 'orders', count, seconds }] });

  test('are told when there are ten', () => {
    expect(open(9, 60)).toEqual([]);
    expect(open(10, 60)).toEqual([
      'DEAD_LETTERS (warning) 10 failed runs of the flow “orders” wait for somebody to deal with, the oldest for 60 seconds.',
    ]);
  });

  test('R-C7 are told after a day', () => {
    expect(open(1, 86_399)).toEqual([]);
    expect(open(1, 86_400)).toEqual([
      'DEAD_LETTERS (warning) One failed run of the flow “orders” waits for somebody to deal with, the oldest for 24 hours.',
    ]);
  });
});

test('work that is late is told with its age', () => {
  expect(told({ lateRuns: [{ tenant: 't', seconds: 61 }], lateTimers: [{ tenant: 't', seconds: 400_000 }] })).toEqual([
    'RUNS_LATE (high) A run has been ready and not taken for 61 seconds.',
    'TIMERS_LATE (high) A timer has been due and not fired for 4 days.',
  ]);
});

describe('processes', () => {
  test('none that works is told to every tenant', () => {
    const findings = findTrouble({ ...calm, tenants: ['a', 'b'], processes: { alive: 2, working: 0, lost: 0 } });
    expect(findings.map(({ tenant, code }) => [tenant, code])).toEqual([
      ['a', 'WORKERS_GONE'],
      ['b', 'WORKERS_GONE'],
    ]);
  });

  test('that died are told', () => {
    expect(told({ processes: { alive: 1, working: 1, lost: 1 } })).toEqual([
      'PROCESS_LOST (warning) A process of this instance has died and has not been replaced.',
    ]);
  });

  test('of which none is known say nothing', () => {
    expect(told({ processes: { alive: 0, working: 0, lost: 0 } })).toEqual([]);
  });
});
