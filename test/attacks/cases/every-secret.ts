import { secretConfigs } from '@millrace/testing/secret-configs';
import { type Attack, heldUnless, type Verdict } from '../attack.ts';
import { connect } from '../target/flows.ts';
import type { Target } from '../target/target.ts';
import { followEvents, keptInFolder, leaks, shownByApi, storedInDatabase, type Trace } from '../target/traces.ts';

interface TriedType {
  readonly name: string;
  readonly type: string;
  readonly config: object;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Every sort of connection of every type that the instance has, each secret field with a canary of its own. */
async function typesOf(target: Target): Promise<TriedType[]> {
  const { json } = await target.call('GET', '/nodes');
  return json.connections.flatMap(({ id: type, config }: { id: string; config: unknown }) =>
    secretConfigs(config, (field, sort) => `canary93${type.replaceAll(/\W/g, '')}${sort}${field}pqrs`).map(
      (tried, sort) => ({ name: `93 every ${type} ${sort}`, type, ...tried }),
    ),
  );
}

/** All that can be done with a connection. Answers what the instance said. */
async function handle(target: Target, { name, type, config, secrets }: TriedType): Promise<Trace[]> {
  const id = await connect(target, name, type, config);
  const steps: readonly (readonly [method: string, path: string, body?: object])[] = [
    ['GET', ''],
    ['POST', '/test', {}],
    ['POST', '/rotate', { secrets }],
    ['POST', '/rotate', { secrets: { ...secrets, surplus: 'x' } }],
    ['PUT', '', { config: { ...config, surplus: true } }],
    ['PUT', '', { config }],
    ['POST', '/authorize', {}],
    ['POST', '/test', {}],
    ['GET', '/history'],
  ];
  const said: Trace[] = [];
  for (const [method, path, body] of steps) {
    const { text } = await target.call(method, `/connections/${id}${path}`, body);
    said.push([`the answer to ${method} ${path || '/'} of ${type}`, text]);
  }
  const twin = await target.call('POST', '/connections', { name, type, config });
  return [...said, [`the refusal of a second ${type}`, twin.text]];
}

async function searchEverySecret(target: Target): Promise<Verdict> {
  const events = followEvents(target);
  const tried = await typesOf(target);
  const said: Trace[] = [];
  for (const one of tried) said.push(...(await handle(target, one)));
  const heard = await events.stop();
  const traces: Trace[] = [
    ...said,
    ...(await shownByApi(target, [])),
    ...(await storedInDatabase(target)),
    ...keptInFolder(target),
    ['the stream', heard],
    ['the log', target.log()],
  ];
  const secrets = Object.fromEntries(
    tried.flatMap((one) => Object.entries(one.secrets).map(([field, secret]) => [`“${field}” of ${one.name}`, secret])),
  );
  const problems = leaks(traces, secrets);
  if (new Set(tried.map(({ type }) => type)).size < 7) problems.push('not every connection type was tried');
  if (leaks(traces, { control: '93 every core/http 0' }).length === 0) problems.push('the search finds nothing');
  return heldUnless(problems, `${Object.keys(secrets).length} secret fields of ${tried.length} sorts of connections`);
}

export const everySecret: readonly Attack[] = [
  {
    number: 93,
    title: 'every secret field of every connection type',
    try: async (targets) => searchEverySecret(await targets.usual()),
  },
];
