import { connect as openSocket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { until } from '../../faults/parts/until.ts';
import { type Attack, fell, held, heldUnless, type Verdict } from '../attack.ts';
import { ensureFlow } from '../target/flows.ts';
import { type SlowSender, sendLargeSlowly, sendSlowly } from '../target/slow-sender.ts';
import type { Answer, SentHeaders, Target } from '../target/target.ts';
import { ensureWebhooks, secret, signed, standardSecret, standardSigned } from '../target/webhooks.ts';

const json = { 'content-type': 'application/json' };
const body = '{"event_id":"evt", "note": "spaces  stay"}';
/** Seconds; five minutes are tolerated. */
const beyond = 310;

/** What is sent must be refused as an address that does not exist. @param request signed when it is sent, so that its time is right */
function refused(number: number, title: string, request: () => readonly (readonly [string, SentHeaders])[]): Attack {
  return {
    number,
    title,
    async try(targets) {
      const target = await targets.usual();
      const { hmac } = await ensureWebhooks(target);
      const control = await target.send(hmac, body, signed(body));
      const requests = request();
      const answers = await Promise.all(requests.map(([body, headers]) => target.send(hmac, body, headers)));
      const problems = answers.filter(({ status }) => status !== 401).map(({ status }) => `it was answered ${status}`);
      // Where what is signed well is refused too, the refusals show nothing.
      if (control.status > 299) problems.push(`a proper request was answered ${control.status}`);
      return heldUnless(problems, requests.length === 1 ? '401' : `401 to all ${requests.length}`);
    },
  };
}

/** Status, headers and text, as a stranger sees them. */
function seen({ status, headers, text }: Answer): string {
  return JSON.stringify([status, [...headers].filter(([name]) => name !== 'date'), text]);
}

async function indistinguishable(target: Target): Promise<Verdict> {
  const { hmac } = await ensureWebhooks(target);
  const [missing, ...others] = await Promise.all([
    target.send('nowhere', body, signed(body)),
    target.send(hmac, body, json),
    target.send(hmac, body, signed(body, 'another secret')),
    target.send(hmac, body, signed(body, secret, 1)),
    target.send(hmac, 'no json', { 'content-type': 'image/png' }),
  ]);
  const different = others.filter((other) => seen(other) !== seen(missing));
  return heldUnless(
    different.map((other) => `${seen(other)} is not ${seen(missing)}`),
    'the same answer',
  );
}

async function fileNames(target: Target): Promise<Verdict> {
  const config = { path: 'upload', accepts: ['json', 'multipart'], answer: 'accepted' };
  const pass = { type: 'core/map', config: { expression: '$' } };
  await ensureFlow(target, { id: 'upload', nodes: [{ type: 'core/webhook', config }, pass] });
  const form = new FormData();
  form.append('scan', new File(['%PDF-48'], '../../../etc/cron.d/evil.pdf', { type: 'application/pdf' }));
  const uploaded = await target.endOf((await target.send('upload', form)).json.runId as string);
  const forged = { files: [{ filepath: '/etc/passwd', path: '/etc/passwd', originalFilename: 'x' }] };
  const told = await target.endOf((await target.send('upload', forged)).json.runId as string);
  const problems: string[] = [];
  if (/cron\.d|\.\.\//.test(uploaded.text)) problems.push('the folders of a file’s name are kept');
  if (!uploaded.text.includes('evil.pdf')) problems.push('the file did not arrive');
  if (told.text.includes('root:')) problems.push('a file of this machine was read');
  return heldUnless(problems, 'names lose their folders, paths in the data are data');
}

async function fiftyAtOnce(target: Target): Promise<Verdict> {
  const { hmac } = await ensureWebhooks(target);
  const event = `{"event_id":"fifty-${Date.now()}"}`;
  const answers = await Promise.all(Array.from({ length: 50 }, () => target.send(hmac, event, signed(event))));
  const runs = new Set(answers.map((answer) => answer.json?.runId));
  return runs.size === 1 && !runs.has(undefined) ? held('one run') : fell(`${runs.size} runs`);
}

async function replayed(target: Target): Promise<Verdict> {
  const { hmac, standard } = await ensureWebhooks(target);
  const event = '{"event_id":"replayed"}';
  const pairs = [
    [await target.send(hmac, event, signed(event)), await target.send(hmac, event, signed(event))],
    [
      await target.send(standard, '{}', standardSigned('msg_replayed', '{}')),
      await target.send(standard, '{}', standardSigned('msg_replayed', '{}')),
    ],
  ] as const;
  const problems = pairs.flatMap(([first, again]) =>
    first.json?.runId !== undefined && first.json.runId === again.json?.runId
      ? []
      : [`answered ${first.status}, then ${again.status} ${again.text.slice(0, 200)}`],
  );
  return heldUnless(problems, 'the same run, by the data’s id and by the signed one');
}

async function twoSignatures(target: Target): Promise<Verdict> {
  const { standard } = await ensureWebhooks(target);
  const other = Buffer.from('a secret that is none').toString('base64');
  const send = (id: string, keys: readonly string[]) => target.send(standard, '{}', standardSigned(id, '{}', keys));
  const [both, wrong] = [await send('msg_both', [other, standardSecret]), await send('msg_wrong', [other, other])];
  const problems = both.status === 202 ? [] : [`one good signature of two was answered ${both.status}`];
  if (wrong.status !== 401) problems.push(`two bad signatures were answered ${wrong.status}`);
  return heldUnless(problems, 'one good of two is taken, two bad are not');
}

async function bomb(target: Target): Promise<Verdict> {
  await ensureWebhooks(target);
  const headers = { ...json, 'content-encoding': 'gzip' };
  const packed = gzipSync(Buffer.alloc(200_000_000, '0'));
  const answers = await Promise.all(['signed', 'nowhere'].map((path) => target.send(path, packed, headers)));
  const problems = answers.filter(({ status }) => status !== 413).map(({ status }) => `it was answered ${status}`);
  return heldUnless(problems, '413; 200 MB in 200 KB');
}

async function slowloris(target: Target): Promise<Verdict> {
  const slow = sendSlowly(() => openSocket(target.port, '127.0.0.1'), 200);
  try {
    const answer = await target.call('GET', '/health');
    if (answer.status !== 200) return fell(`meanwhile the server answers ${answer.status}`);
    const left = await slow.leftAfter(25_000);
    return left === 0 ? held('200 connections, all closed by the server within 25 s') : fell(`${left} stay open`);
  } finally {
    slow.close();
  }
}

/** Bodies that are nearly there, and never are: what they hold must not grow without bound, nor keep the others out. */
async function slowBodies(target: Target): Promise<Verdict> {
  const { hmac } = await ensureWebhooks(target);
  const large = JSON.stringify({ event_id: 'large', text: 'x'.repeat(10_000_000) });
  const send = () => target.send(hmac, large, signed(large));
  const slow: SlowSender[] = [];
  const stop = () => slow.map((sender) => sender.close());
  try {
    let refusal = await send();
    await until('a large body is refused', 30_000, async () => {
      slow.push(sendLargeSlowly(() => openSocket(target.port, '127.0.0.1'), 2, 15_000_000));
      refusal = await send();
      return refusal.status === 503;
    });
    const small = await target.send(hmac, body, signed(body));
    const problems = small.status < 300 ? [] : [`meanwhile a small body is answered ${small.status}`];
    if (!(Number(refusal.headers.get('retry-after')) > 0)) problems.push('the refusal does not say when to come again');
    stop();
    await until('a large body is taken again', 30_000, async () => (await send()).status < 300);
    return heldUnless(problems, 'beyond what can be held 503 with Retry-After, small ones are taken, afterwards all');
  } finally {
    stop();
  }
}

export const webhooks: readonly Attack[] = [
  refused(39, 'unsigned', () => [[body, json]]),
  refused(40, 'a wrong signature', () => [[body, { ...signed(body), 'X-Digest': 'a'.repeat(64) }]]),
  refused(41, 'another tenant’s secret', () => [[body, signed(body, 'secret-of-another-tenant')]]),
  { number: 42, title: 'a replayed id', try: async (targets) => replayed(await targets.usual()) },
  { number: 43, title: 'the same id fifty times at once', try: async (targets) => fiftyAtOnce(await targets.usual()) },
  refused(44, 'a timestamp beyond ±5 minutes', () => [
    [body, signed(body, secret, Math.floor(Date.now() / 1000) - beyond)],
    [body, signed(body, secret, Math.floor(Date.now() / 1000) + beyond)],
    [body, { ...signed(body), 'X-Time': '1' }],
  ]),
  refused(45, 'a signature of another length', () => {
    const headers = signed(body);
    const digest = headers['X-Digest'] as string;
    return ['', digest.slice(0, 20), `${digest}00`].map((other) => [body, { ...headers, 'X-Digest': other }] as const);
  }),
  refused(46, 'a re-serialised body', () => [
    [JSON.stringify(JSON.parse(body)), signed(body)],
    [`${body} `, signed(body)],
  ]),
  { number: 47, title: 'two signatures during rotation', try: async (targets) => twoSignatures(await targets.usual()) },
  { number: 48, title: 'forged names and paths of files', try: async (targets) => fileNames(await targets.usual()) },
  { number: 49, title: 'a gzip bomb', try: async (targets) => bomb(await targets.usual()) },
  { number: 50, title: 'slow senders', try: async (targets) => slowloris(await targets.usual()) },
  { number: 50, title: 'slow senders of large bodies', try: async (targets) => slowBodies(await targets.usual()) },
  {
    number: 51,
    title: 'an unknown address is answered as a bad signature is',
    try: async (targets) => indistinguishable(await targets.usual()),
    tests: [{ file: 'runtime/http/webhooks.test.ts', name: /\b51 / }],
  },
];
