/**
 * `npm run acceptance:expressions`: an order of 100,000 lines is mapped while another tenant's expressions try to take time
 * and memory without end. Both are evaluated for the process that serves everybody: its memory stays bounded, and the small
 * orders of others take as long as before.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, call, deploy } from './parts/api.ts';
import { type Instance, openInstance } from './parts/instance.ts';
import { type Outcome, tellOutcomes } from './parts/verdict.ts';

/** Each wants more than anybody has. */
const hostile = [
  '($f := function($n) { $f($n + 1) }; $f(0))',
  '$sum([1..9999999].($ * $))',
  '($d := function($t, $n) { $n = 0 ? $t : $d($t & $t, $n - 1) }; $length($d("x", 40)))',
  '$map([1..3000000], function($v) { { "a": $v, "b": [$v, $v] } })',
  '$count([1..9999999][$ % 7 = 0])',
  '$match($pad("", 3000000, "ab"), /(a|b|ab)*c/)',
];
const rounds = 4;
const roundMs = 20_000;
const pauseMs = 25;
const mostMoved = 1.2;
const mostGrownMegabytes = 700;

const instance = await openInstance();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  process.exitCode = tellOutcomes(await tryAll(instance));
} finally {
  await instance.remove();
}
process.exit();

async function tryAll(api: Instance): Promise<Outcome[]> {
  const other: Api = { url: api.url, key: await api.createKey('hostile') };
  await api.start();
  await deploy(api, 'answered-order', {});
  for (const [index, expression] of hostile.entries()) await deployHostile(other, index, expression);
  await measure(`${api.url}/hooks/acceptance/answered`, 5_000);
  const [alone, beside]: [number[], number[]] = [[], []];
  const before = residentMegabytes(api.pid());
  let most = before;
  const refusals = new Map<string, number>();
  const totals: string[] = [];
  for (let round = 0; round < rounds; round++) {
    alone.push(...(await measure(`${api.url}/hooks/acceptance/answered`, roundMs)));
    const stop = new AbortController();
    const attacks = hostile.map((_text, index) => attack(other, index, refusals, stop.signal));
    const large = postLarge(`${api.url}/hooks/acceptance/answered`, 100_000);
    const watching = watchMemory(api, stop.signal, (megabytes) => {
      most = Math.max(most, megabytes);
    });
    beside.push(...(await measure(`${api.url}/hooks/acceptance/answered`, roundMs)));
    stop.abort();
    totals.push(await large);
    await Promise.all([...attacks, watching]);
  }
  const [p99Alone, p99Beside] = [p99(alone), p99(beside)];
  return [
    {
      what: 'small orders of others take as long as before (p99)',
      seen: `${p99Alone.toFixed(1)} ms of ${alone.length}, beside it ${p99Beside.toFixed(1)} ms of ${beside.length}`,
      holds: p99Beside < p99Alone * mostMoved,
    },
    {
      what: 'an order of 100,000 lines is mapped exactly',
      seen: totals.join(', '),
      holds: totals.every((total) => total === '1025000'),
    },
    {
      what: 'the server stays within its memory',
      seen: `${most - before} MB more at most`,
      holds: most - before < mostGrownMegabytes,
    },
    {
      what: 'hostile expressions end by themselves',
      seen: [...refusals].map(([code, count]) => `${count} ${code}`).join(', '),
      holds: [...refusals.keys()].every((code) => /^(EXPRESSION_|MAP_EMPTY|202)/.test(code)),
    },
  ];
}

async function deployHostile(api: Api, index: number, expression: string): Promise<void> {
  const id = `hostile-${index}`;
  const order = {
    type: 'core/webhook',
    version: 1,
    config: { path: id, answer: 'respond' },
  };
  const nodes = { order, map: { type: 'core/map', version: 1, config: { expression } } };
  await call(api, 'POST', '/flows', {
    flow: { format: 1, id, name: id, nodes, edges: [{ from: 'order', to: 'map' }] },
  });
  await call(api, 'POST', `/flows/${id}/deploy`, {});
}

/** Sends again as soon as it is answered, which is after ten seconds at the latest (202); counts the answers. */
async function attack(api: Api, index: number, codes: Map<string, number>, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const { error } = (await post(`${api.url}/hooks/hostile/hostile-${index}`, {})) as { error?: { code: string } };
    const code = error?.code ?? '202';
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
}

/** Milliseconds from the order to its answer, one order after the other. */
async function measure(hook: string, forMs: number): Promise<number[]> {
  const times: number[] = [];
  const lines = Array.from({ length: 10 }, (_, index) => ({ sku: `A-${index}`, quantity: 2, price: 5.125 }));
  for (const end = performance.now() + forMs; performance.now() < end; await sleep(pauseMs)) {
    const began = performance.now();
    await post(hook, { id: 'small', lines });
    times.push(performance.now() - began);
  }
  return times;
}

/** The total that was answered. */
async function postLarge(hook: string, count: number): Promise<string> {
  const lines = Array.from({ length: count }, (_, index) => ({ sku: `A-${index}`, quantity: 2, price: 5.125 }));
  const { total, ...answer } = (await post(hook, { id: 'large', lines })) as { total?: number };
  return total === undefined ? JSON.stringify(answer) : String(total);
}

async function post(hook: string, body: object): Promise<object> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(hook, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as object;
}

async function watchMemory(api: Instance, stop: AbortSignal, tell: (megabytes: number) => void): Promise<void> {
  while (!stop.aborted) {
    tell(residentMegabytes(api.pid()));
    await sleep(200);
  }
}

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] as number;
}
