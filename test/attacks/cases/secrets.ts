import { until } from '../../faults/parts/until.ts';
import { type Attack, heldUnless, type Verdict } from '../attack.ts';
import { connect, ensureFlow, run, tryToDeploy } from '../target/flows.ts';
import { runsOf } from '../target/folder.ts';
import { type Listener, listen } from '../target/listener.ts';
import type { Target } from '../target/target.ts';
import { followEvents, keptInFolder, leaks, shownByApi, storedInDatabase, type Trace } from '../target/traces.ts';

/** Nothing about them looks like a secret, so that only care for where they come from can keep them. */
const canaries = {
  'a bearer token': 'canary93bearerpqrs',
  'a key in a header': 'canary93headerpqrs',
  'a key in the address': 'canary93querypqrs',
  'a password': 'canary93basicpqrs',
  'an SFTP password': 'canary93sftppqrs',
  'a database password': 'canary93sqlpqrs',
  'a mail password': 'canary93mailpqrs',
  'a storage key': 'canary93storagepqrs',
  'a webhook secret': 'canary93hookpqrs',
  'a wrong secret': 'canary93wrongpqrs',
};

/** Every way to log in to a system by HTTP. @param tag tells the secrets of one attack from those of another */
function loginsOf(tag: string) {
  const secret = (name: keyof typeof canaries) => `${canaries[name]}${tag}`;
  return [
    { auth: 'bearer', token: secret('a bearer token') },
    { auth: 'header', name: 'X-Partner-Key', key: secret('a key in a header') },
    { auth: 'query', name: 'partner', key: secret('a key in the address') },
    { auth: 'basic', username: 'u', password: secret('a password') },
  ];
}
/** How the other system answers, one after the other. */
const statuses = [200, 400, 401, 500];

/** Calls the system with every login, while it answers in every way. Answers the flows. */
async function callSystems(target: Target, { port }: Listener, tag: string): Promise<string[]> {
  const type = 'core/http';
  const flows: string[] = [];
  for (const login of loginsOf(tag)) {
    const id = `secret-${/\w*$/.exec(tag)}-${login.auth}`;
    const system = await connect(target, id, type, { baseUrl: `http://127.0.0.1:${port}/${login.auth}`, ...login });
    const config = { url: '{% to %}' };
    const request = { type: 'core/http-request', config, connection: 'system', retry: { attempts: 1 } };
    const nodes = [{ type: 'core/manual' }, request];
    const slots = { connections: { system: { type } } };
    await ensureFlow(target, { id, nodes, ...slots }, { system });
    for (const status of statuses) await run(target, id, { to: String(status) });
    await target.call('POST', `/connections/${system}/test`, {});
    const poll = { type: 'core/poll', config: { url: '200', every: '1s' }, connection: 'system' };
    const failing = { ...poll, config: { url: '500', every: '1s' } };
    for (const [name, trigger] of Object.entries({ poll, failing }))
      await ensureFlow(
        target,
        { id: `${id}-${name}`, nodes: [trigger, { type: 'core/map', config: { expression: '$' } }], ...slots },
        { system },
      );
    await until('a poll has brought something', 30_000, async () => (await runsOf(target, `${id}-poll`)).length > 0);
    await until('a poll has failed', 30_000, async () => {
      const { text } = await target.call('GET', `/flows/${id}-failing/triggers`);
      return text.includes('HTTP_500');
    });
    flows.push(id, `${id}-poll`, `${id}-failing`);
  }
  for (const id of flows.filter((id) => /-(poll|failing)$/.test(id))) await target.call('POST', `/flows/${id}/pause`);
  return flows;
}

/** A system that answers with the status that its address ends with. @param repeats it answers with all that it was sent */
function listenAsSystem(repeats: boolean): Promise<Listener> {
  return listen(({ url = '', headers }, response) => {
    const { 'x-partner-key': key = '', authorization = '' } = headers;
    const said = [url, decodeURIComponent(url), String(key), authorization].flatMap(everySpelling);
    const answer = repeats ? { headers, said, named: Object.fromEntries(said.map((text) => [text, 1])) } : {};
    const repeated = repeats ? { 'x-said': encodeURIComponent(said.join()) } : {};
    const status = Number(/(\d{3})(\?|$)/.exec(url)?.[1] ?? 404);
    response.writeHead(status, { ...repeated, 'content-type': status === 400 ? 'text/plain' : 'application/json' });
    response.end(JSON.stringify(answer));
  });
}

/** As careless systems write what they were sent. */
function everySpelling(text: string): string[] {
  const inHtml = text.replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  const bytes = Buffer.from(text);
  return [
    text,
    JSON.stringify({ text }),
    encodeURIComponent(text),
    inHtml,
    bytes.toString('base64'),
    bytes.toString('hex'),
  ];
}

/** Connections to nobody: tested, which fails, and some refused because they do not fit. */
async function failConnections(target: Target): Promise<void> {
  const nobody = { host: '127.0.0.1', port: 9, username: 'u' };
  const hostKey = `SHA256:${'A'.repeat(43)}`;
  const made: readonly (readonly [string, object])[] = [
    ['files/folder-or-sftp', { kind: 'sftp', ...nobody, hostKey, path: '/', password: canaries['an SFTP password'] }],
    ['sql/postgres', { ...nobody, database: 'd', encryption: 'none', password: canaries['a database password'] }],
    ['mail/smtp', { ...nobody, from: 'a@example.com', security: 'none', password: canaries['a mail password'] }],
    [
      'object-store/store',
      {
        kind: 's3',
        bucket: 'bucket',
        region: 'us-east-1',
        endpoint: 'http://127.0.0.1:9',
        accessKeyId: 'a',
        secretAccessKey: canaries['a storage key'],
      },
    ],
  ];
  for (const [type, config] of made) {
    const id = await connect(target, `93 ${type}`, type, config);
    await target.call('POST', `/connections/${id}/test`, {});
    await target.call('PUT', `/connections/${id}`, { config: { ...config, port: 'none' } });
    await target.call('POST', '/connections', { name: '93 wrong', type, config: { ...config, surplus: true } });
  }
}

/** A webhook whose sender shows the secret in a header of its own, well, wrongly and in the address. */
async function sendSecrets(target: Target): Promise<string> {
  const type = 'core/webhook-secret';
  const id = 'secret-hook';
  const sender = await connect(target, id, type, { current: canaries['a webhook secret'] });
  const config = { path: id, signature: { scheme: 'header', header: 'X-Partner' } };
  const hook = { type: 'core/webhook', config, connection: 'sender' };
  const fail = { type: 'core/fail', config: { code: 'ON_PURPOSE', message: 'It fails.' } };
  const sketch = { id, nodes: [hook, fail], connections: { sender: { type } } };
  await tryToDeploy(target, sketch, { sender });
  const json = { 'content-type': 'application/json' };
  const answer = await target.send(id, '{}', { ...json, 'X-Partner': canaries['a webhook secret'] });
  if (answer.json?.runId !== undefined) await target.endOf(answer.json.runId as string);
  await target.send(id, '{}', { ...json, 'X-Partner': canaries['a wrong secret'] });
  await target.send(id, '{', { ...json, authorization: `Custom ${canaries['a wrong secret']}` });
  return id;
}

async function searchEverywhere(target: Target): Promise<Verdict> {
  const system = await listenAsSystem(false);
  const events = followEvents(target);
  const flows = await callSystems(target, system, '').finally(() => system.close());
  await failConnections(target);
  flows.push(await sendSecrets(target));
  const refusal = await target.call('GET', '/flows', undefined, { 'x-api-key': `${target.key}x` });
  const heard = await events.stop();
  const traces: Trace[] = [
    ...(await shownByApi(target, flows)),
    ...(await storedInDatabase(target)),
    ...keptInFolder(target),
    ['the stream', heard],
    ['the refusal of a key', refusal.text],
  ];
  const problems = leaks(traces, { ...canaries, 'an API key': target.key });
  // Without these the secrets were never used, or the search finds nothing anyway.
  if (!wasShown(system, canaries['a bearer token'])) problems.push('the secrets were not used');
  if (leaks(traces, { control: 'ON_PURPOSE' }).length === 0) problems.push('the search does not find what is there');
  if (!heard.includes('event: run')) problems.push('nothing was heard of the runs');
  return heldUnless(problems, `${Object.keys(canaries).length + 1} secrets in ${traces.length} places`);
}

function wasShown({ requests }: Listener, secret: string): boolean {
  return requests.some(({ headers }) => JSON.stringify(headers).includes(secret));
}

/** A careless system repeats in its answers how we logged in, in a message of an error above all. */
async function repeatedByOther(target: Target): Promise<Verdict> {
  const tag = '&"/+echo';
  const system = await listenAsSystem(true);
  const flows = await callSystems(target, system, tag).finally(() => system.close());
  const traces = [...(await shownByApi(target, flows)), ...(await storedInDatabase(target)), ...keptInFolder(target)];
  // Whatever became of the characters behind them: these begin every secret.
  const problems = leaks(traces, canaries);
  // Otherwise the answers might have been thrown away altogether.
  if (!traces.some(([, text]) => text.includes('[hidden]'))) problems.push('nothing of the answers is there');
  return heldUnless(problems, `${loginsOf(tag).length} ways to log in, by flows and by polls`);
}

/** The address of a connection is changed without its secret, so that this goes to somebody else. */
async function redirectSecret(target: Target): Promise<Verdict> {
  const config = { auth: 'bearer', token: 'canary-94' };
  const id = await connect(target, 'system 94', 'core/http', { ...config, baseUrl: 'http://127.0.0.1:9/a' });
  const thief = await listen();
  try {
    const change = { config: { auth: 'bearer', baseUrl: `http://127.0.0.1:${thief.port}` } };
    const changed = await target.call('PUT', `/connections/${id}`, change);
    await target.call('POST', `/connections/${id}/test`, {});
    const problems = thief.requests.map(({ headers }) => `it was sent elsewhere: ${headers.authorization}`);
    if (changed.status < 400) problems.push(`the change was answered ${changed.status}`);
    return heldUnless(problems, `the change is refused: ${changed.json?.error?.code}`);
  } finally {
    await thief.close();
  }
}

export const secrets: readonly Attack[] = [
  {
    number: 93,
    title: 'canary secrets, looked for everywhere',
    try: async (targets) => searchEverywhere(await targets.usual()),
  },
  {
    number: 93,
    title: 'the same with a system that repeats how we logged in',
    try: async (targets) => repeatedByOther(await targets.usual()),
  },
  {
    number: 94,
    title: 'an address changed while the stored secret is kept',
    try: async (targets) => redirectSecret(await targets.usual()),
  },
];
