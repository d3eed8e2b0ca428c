import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../faults/parts/until.ts';
import { type Attack, fell, heldUnless, type Verdict } from '../attack.ts';
import { flowOf } from '../target/flows.ts';
import { runsOf } from '../target/folder.ts';
import { listen } from '../target/listener.ts';
import type { Target } from '../target/target.ts';

const node = (type: string, title = 'n') => ({ type, version: 1, title, config: {} });
const map = { ...node('core/map'), config: { expression: '$' } };
const flow = (id: string, nodes: object, edges: readonly object[]) => ({ format: 1, id, name: id, nodes, edges });

const malformed = [
  flow('import-cycle', { start: node('core/manual'), a: map, b: map }, [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ]),
  flow('import-unknown', { start: node('core/manual'), a: node('evil/shell') }, [{ from: 'start', to: 'a' }]),
  flow('import-dangling', { start: node('core/manual') }, [{ from: 'start', to: 'nowhere' }]),
];

async function wrongGraphs(target: Target): Promise<Verdict> {
  const problems: string[] = [];
  const codes: string[] = [];
  for (const flow of malformed) {
    const imported = await target.call('POST', '/flows', { flow });
    const deployed = await target.call('POST', `/flows/${flow.id}/deploy`, {});
    codes.push(...(imported.json?.problems ?? []).map(({ code }: { code: string }) => code));
    if (imported.status !== 201 || imported.json.problems.length === 0)
      problems.push(`${flow.id}: no problem is named`);
    if (deployed.status < 400 || deployed.status > 499) problems.push(`${flow.id}: deploying gave ${deployed.status}`);
  }
  return heldUnless(problems, `kept as drafts with ${[...new Set(codes)].join(', ')}; none can be deployed`);
}

async function enormous(target: Target): Promise<Verdict> {
  const names = Array.from({ length: 10_000 }, (_, n) => `n${n}`);
  const nodes = Object.fromEntries(names.map((name, n) => [name, n === 0 ? node('core/manual') : map]));
  const edges = names.slice(1).map((to, n) => ({ from: `n${n}`, to }));
  const started = performance.now();
  const many = await target.call('POST', '/flows', { flow: flow('import-10000', nodes, edges) });
  const seconds = (performance.now() - started) / 1000;
  const large = await target.call('POST', '/flows', {
    flow: { ...flow('import-50', {}, []), name: 'x'.repeat(50_000_000) },
  });
  const deployed = await target.call('POST', '/flows/import-10000/deploy', {});
  const codes = many.json?.problems?.map(({ code }: { code: string }) => code).join();
  const problems = codes === 'FLOW_TOO_LARGE' ? [] : [`10,000 nodes were answered ${many.status} ${codes}`];
  if (deployed.json?.error?.code !== 'FLOW_INVALID') problems.push(`deploying them was answered ${deployed.status}`);
  if (seconds > 30) problems.push(`10,000 nodes took ${seconds.toFixed(0)} s`);
  if (large.status !== 413) problems.push(`50 MB were answered ${large.status}`);
  return heldUnless(problems, `10,000 nodes: ${codes} in ${seconds.toFixed(1)} s; 50 MB: 413`);
}

const evil = '<script>fetch("//evil")</script>"><img src=x onerror=alert(1)>';

/** No answer that holds the name may be taken for a page by a browser. */
async function markup(target: Target): Promise<Verdict> {
  const nodes = { start: node('core/manual', evil) };
  await target.call('POST', '/flows', { flow: { ...flow('import-html', nodes, []), name: evil, description: evil } });
  const wrong = await target.call('POST', '/flows', { flow: flow(evil, nodes, []) });
  const paths = ['/flows', '/flows/import-html', '/flows/import-html/export', `/flows/${encodeURIComponent(evil)}`];
  const answers = [wrong, ...(await Promise.all(paths.map((path) => target.call('GET', path))))];
  const problems = answers.flatMap(({ headers }, n) =>
    headers.get('content-type')?.startsWith('application/json') && headers.get('x-content-type-options') === 'nosniff'
      ? []
      : [`${paths[n - 1] ?? 'the refusal'} is answered as ${headers.get('content-type')}`],
  );
  if (!answers.some(({ text }) => text.includes('<script>'))) problems.push('the name was not kept as it is');
  const policy = answers.some(
    ({ headers }) => !/default-src 'none'/.test(headers.get('content-security-policy') ?? ''),
  );
  if (policy) problems.push('an answer has no policy against scripts');
  return heldUnless(problems, 'data as JSON, nosniff, no inline scripts; what the studio shows is not looked at here');
}

/** Everything that could start by itself, and an address that is seen when it is called. */
async function importing(target: Target): Promise<Verdict> {
  const listener = await listen();
  try {
    const url = `http://127.0.0.1:${listener.port}/`;
    const request = { type: 'core/http-request', config: { url } };
    const schedule = { type: 'core/schedule', config: { rules: [{ rule: '* * * * *' }] } };
    const poll = { type: 'core/poll', config: { url, every: '1s' } };
    const started = [schedule, poll].map((trigger, n) => ({ id: `import-${n}`, nodes: [trigger, request] }));
    for (const sketch of started) {
      const tests = { run: { name: 'run', trigger: { payload: {} }, steps: [] } };
      const imported = await target.call('POST', '/flows', { flow: flowOf(sketch), samples: { one: { url } }, tests });
      if (imported.status !== 201)
        return fell(`the import was answered ${imported.status} ${imported.text.slice(0, 200)}`);
      await target.call('POST', `/flows/${sketch.id}/validate`, { flow: flowOf(sketch) });
    }
    // Nothing can be awaited that must not happen.
    await sleep(4000);
    const runs = (await Promise.all(started.map(({ id }) => runsOf(target, id)))).flat();
    const problems = runs.map((run) => `it started the run ${run}`);
    if (listener.connections > 0) problems.push('an address of it was called');
    // Otherwise it might be that nothing of it can ever happen.
    await target.call('POST', '/flows/import-1/deploy', {});
    await until('a deployed poll calls', 30_000, () => listener.connections > 0);
    await target.call('POST', '/flows/import-1/pause', {});
    return heldUnless(problems, 'no run, no call in 4 s');
  } finally {
    await listener.close();
  }
}

export const imports: readonly Attack[] = [
  { number: 95, title: 'a cycle, an unknown node, a dangling edge', try: async (t) => wrongGraphs(await t.usual()) },
  { number: 96, title: '10,000 nodes, 50 MB', try: async (targets) => enormous(await targets.usual()) },
  { number: 97, title: 'HTML in names', try: async (targets) => markup(await targets.usual()) },
  { number: 98, title: 'importing executes nothing', try: async (targets) => importing(await targets.usual()) },
];
