import { networkInterfaces } from 'node:os';
import { type Attack, heldUnless, notTried, type Verdict } from '../attack.ts';
import { connect, ensureFlow, run } from '../target/flows.ts';
import { type Listener, listen } from '../target/listener.ts';
import type { Ended, Target } from '../target/target.ts';
import type { Targets } from '../target/targets.ts';

const guardTests = 'runtime/engine/guarded-fetch.test.ts';
const refused = 'ADDRESS_REFUSED';

async function callBy(target: Target, url: string): Promise<Ended> {
  const request = { type: 'core/http-request', config: { url: '{% url %}' }, retry: { attempts: 1 } };
  await ensureFlow(target, { id: 'call', nodes: [{ type: 'core/manual' }, request] });
  return run(target, 'call', { url });
}

/** `%` in an address stands for the port of a server of this machine, so that a guard that fails is seen at it. */
function refusesAddresses(number: number, title: string, strict: readonly string[], always: readonly string[]): Attack {
  return {
    number,
    title,
    async try(targets) {
      const [none, loopback] = [await targets.strict(), await targets.usual()];
      return withListener(async (listener) => {
        const of = (url: string) => url.replace('%', String(listener.port));
        const asked = [
          ...[...strict, ...always].map((url) => [none, of(url)] as const),
          ...always.map((url) => [loopback, of(url)] as const),
        ];
        const ended = await Promise.all(asked.map(([target, url]) => callBy(target, url)));
        const problems = ended.flatMap(({ status, code }, n) =>
          accepted.has(code) ? [] : [`${asked[n]?.[1]} ended ${status} ${code}`],
        );
        if (listener.connections > 0) problems.push('this machine was called');
        return heldUnless(problems, `${asked.length} calls: ${[...new Set(ended.map(({ code }) => code))].join(', ')}`);
      });
    },
  };
}
/** Addresses that are none at all are refused before the guard sees them. */
const accepted = new Set([refused, 'URL_INVALID']);

async function withListener(
  work: (listener: Listener) => Promise<Verdict>,
  answer?: Parameters<typeof listen>[0],
): Promise<Verdict> {
  const listener = await listen(answer);
  try {
    return await work(listener);
  } finally {
    await listener.close();
  }
}

async function redirected(target: Target): Promise<Verdict> {
  return withListener(async (inside) => {
    const aims = ['http://169.254.169.254/latest/meta-data', `http://127.0.0.1:${inside.port}/`];
    const aimFor = (path = '/') => aims[Number(path.slice(1))] as string;
    return withListener(
      async (luring) => {
        const ended = await Promise.all(aims.map((_, n) => callBy(target, `http://127.0.0.1:${luring.port}/${n}`)));
        const problems = ended.filter(({ status }) => status !== 'failed').map(({ status }) => `a run ${status}`);
        if (luring.requests.length !== aims.length) problems.push('the redirects were not asked for');
        if (inside.connections > 0) problems.push('a redirect was followed');
        return heldUnless(problems, `not followed: ${ended[0]?.code}`);
      },
      (request, response) => void response.writeHead(302, { location: aimFor(request.url) }).end(),
    );
  });
}

/** Whoever a logged-in system redirects to, or an address that the data names, gets no login. */
async function loginElsewhere(target: Target): Promise<Verdict> {
  return withListener(async (other) =>
    withListener(
      async (system) => {
        const type = 'core/http';
        const base = { baseUrl: `http://127.0.0.1:${system.port}/api`, auth: 'bearer', token: 'canary-75' };
        const erp = await connect(target, 'ERP 75', type, base);
        const config = { url: '{% url %}' };
        const request = { type: 'core/http-request', config, connection: 'erp', retry: { attempts: 1 } };
        const nodes = [{ type: 'core/manual' }, request];
        await ensureFlow(target, { id: 'call-erp', nodes, connections: { erp: { type } } }, { erp });
        const urls = [
          'orders',
          `http://127.0.0.1:${other.port}/`,
          `//127.0.0.1:${other.port}/`,
          '/../../x',
          '\\\\evil/',
        ];
        for (const url of urls) await run(target, 'call-erp', { url });
        const problems = other.requests.map(({ headers }) => `another system was called with ${headers.authorization}`);
        if (system.requests[0]?.headers.authorization !== 'Bearer canary-75') problems.push('the login was not sent');
        const strays = system.requests.filter(({ url = '' }) => !url.startsWith('/api/'));
        problems.push(...strays.map(({ url }) => `the login went to ${url}`));
        return heldUnless(problems, 'by redirect, absolute, network and dotted addresses');
      },
      (_request, response) => void response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end(),
    ),
  );
}

const hostKey = `SHA256:${'A'.repeat(43)}`;

/** A connection of every kind that opens one to a host, at this port of this machine. @param safe encrypted, where that can be chosen */
function connectionsTo(host: string, port: number, safe = false): readonly (readonly [type: string, config: object])[] {
  const http = safe ? 'https' : 'http';
  const sftp = { kind: 'sftp', host, port, username: 'u', password: 'p', hostKey, path: '/' };
  const keys = { accessKeyId: 'a', secretAccessKey: 's', region: 'us-east-1', forcePathStyle: true };
  return [
    ['core/http', { baseUrl: `${http}://${host}:${port}`, auth: 'none' }],
    ['files/folder-or-sftp', sftp],
    ['dropzone/folder-or-sftp', sftp],
    ['object-store/store', { kind: 's3', bucket: 'bucket', endpoint: `${http}://${host}:${port}`, ...keys }],
    ['mail/smtp', { host, port, security: safe ? 'tls' : 'none', from: 'a@example.com' }],
    ['sql/postgres', { host, port, database: 'd', username: 'u', encryption: safe ? 'verified' : 'none' }],
  ];
}

async function otherWays(target: Target): Promise<Verdict> {
  return withListener(async (listener) => {
    const problems: string[] = [];
    const hosts = ['127.0.0.1', 'localhost'];
    for (const host of hosts)
      for (const [type, config] of connectionsTo(host, listener.port)) {
        const { json, text } = await target.call('POST', '/connections', { name: `76 ${type} ${host}`, type, config });
        // Where it is not even made, the attack shows nothing.
        if (json?.id === undefined) problems.push(`${type} to ${host} was not made: ${text.slice(0, 200)}`);
        if (json?.id === undefined) continue;
        const tested = await target.call('POST', `/connections/${json.id}/test`, {});
        if (tested.json?.ok !== false) problems.push(`${type} to ${host}: ${tested.text.slice(0, 100)}`);
        if (listener.connections > 0) return heldUnless([`${type} to ${host} opened a connection`], '');
      }
    for (const host of spellings) problems.push(...(await calledBy(target, host, listener)));
    return heldUnless(
      problems,
      `${hosts.length * connectionsTo('', 0).length} connections of 6 types, and other spellings`,
    );
  });
}

/** This machine as nobody writes it, a socket of its database among them. */
const spellings = ['127.1', '0', '0x7f000001', '::1', '::ffff:127.0.0.1', '/var/run/postgresql', '/tmp'];

/** Connections that are made to a host are tested; whoever is refused before holds as well. */
async function calledBy(target: Target, host: string, listener: Listener): Promise<string[]> {
  const problems: string[] = [];
  for (const [type, config] of connectionsTo(host, listener.port)) {
    const { json } = await target.call('POST', '/connections', { name: `76 ${type} ${host}`, type, config });
    const tested = json?.id && (await target.call('POST', `/connections/${json.id}/test`, {}));
    if (tested?.json?.ok) problems.push(`${type} to ${host} is content`);
    if (listener.connections > 0) return [`${type} to ${host} opened a connection`];
  }
  return problems;
}

/** An address of this machine that no flow may call. */
function addressInside(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}

/** Names of the attacker's own that lead to this machine when they are checked, and inside when they are called. */
async function rebinding(targets: Targets): Promise<Verdict> {
  const inside = addressInside();
  if (inside === undefined) return notTried('this machine has no address besides loopback');
  const target = await targets.rebinding(inside);
  return withListener(async (allowed) => {
    const forbidden = await listen(undefined, { host: inside, port: allowed.port });
    const problems: string[] = [];
    try {
      for (const [index, [type]] of connectionsTo('', 0).entries()) {
        const host = `n${index}.rebinding.test`;
        const [, config] = connectionsTo(host, allowed.port, true)[index] as readonly [string, object];
        const before = allowed.connections;
        const id = await connect(target, `73 ${type}`, type, config);
        const tested = await target.call('POST', `/connections/${id}/test`, {});
        // Where not even the checked address was called, the attack shows nothing.
        if (allowed.connections === before) problems.push(`${type} called nobody: ${tested.text.slice(0, 200)}`);
        const again = await target.call('POST', `/connections/${id}/test`, {});
        if (!/in the range/.test(again.text)) problems.push(`${type}, again: ${again.text.slice(0, 200)}`);
        if (forbidden.connections > 0) return heldUnless([`${type} was led inside`], '');
      }
    } finally {
      await forbidden.close();
    }
    return heldUnless(problems, 'a connection of every type goes where it was checked; the next is refused');
  });
}

async function localName(target: Target): Promise<Verdict> {
  return withListener(async (listener) => {
    const { code } = await callBy(target, `http://localhost:${listener.port}/`);
    const problems = code === refused ? [] : [`localhost ended ${code}`];
    if (listener.connections > 0) problems.push('this machine was called');
    return heldUnless(problems, refused);
  });
}

/** Without it no refusal shows anything: where this machine may be called, it is. */
async function reachable(target: Target): Promise<Verdict> {
  return withListener(async (listener) => {
    const { status, code } = await callBy(target, `http://127.0.0.1:${listener.port}/`);
    return heldUnless(status === 'succeeded' && listener.connections > 0 ? [] : [`${status} ${code}`], 'control');
  });
}

export const ssrf: readonly Attack[] = [
  {
    ...refusesAddresses(69, '169.254.169.254', [], ['http://169.254.169.254/latest/meta-data']),
    tests: [{ file: guardTests, name: /\b69 / }],
  },
  refusesAddresses(
    70,
    'this machine in other spellings',
    ['127.1', '0', '2130706433', '0177.0.0.1', '0x7f.1', '127.0.0.1.', '017700000001'].map(
      (host) => `http://${host}:%/`,
    ),
    ['http://0.0.0.0:%/'],
  ),
  refusesAddresses(
    71,
    '[::ffff:169.254.169.254]',
    ['http://[::ffff:127.0.0.1]:%/', 'http://[::ffff:7f00:1]:%/', 'http://[::1]:%/'],
    ['http://[::ffff:169.254.169.254]/', 'http://[::ffff:a9fe:a9fe]/'],
  ),
  refusesAddresses(
    72,
    'fc00::, fe80::, 64:ff9b::',
    [],
    ['http://[fc00::1]/', 'http://[fe80::1]/', 'http://[64:ff9b::a9fe:a9fe]/', 'http://[2002:a9fe:a9fe::]/'],
  ),
  {
    number: 73,
    title: 'rebinding: a name that leads inside',
    try: async (targets) => localName(await targets.strict()),
    tests: [{ file: guardTests, name: /\b73 a name/ }],
  },
  { number: 73, title: 'rebinding: a name that leads inside the second time', try: rebinding },
  {
    number: 74,
    title: 'a redirect inside',
    async try(targets) {
      const control = await reachable(await targets.usual());
      return control.kind === 'held' ? redirected(await targets.usual()) : control;
    },
  },
  { number: 75, title: 'a login kept across origins', try: async (targets) => loginElsewhere(await targets.usual()) },
  {
    number: 76,
    title: 'connections of every kind as a way inside',
    try: async (targets) => otherWays(await targets.strict()),
    tests: [{ file: 'packages/file-exchange/src/sftp/socket.test.ts', name: /\(76\)/ }],
  },
  refusesAddresses(77, 'file:, gopher:', [], ['file:///etc/passwd', 'gopher://127.0.0.1:%/', 'data:text/plain,x']),
];
