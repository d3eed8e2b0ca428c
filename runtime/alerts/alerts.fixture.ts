/** What the tests of alerts share: a database with a tenant and turned time, a mail server, a receiver of webhooks. Tests only. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDatabase } from '@millrace/testing';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { guardedNetwork, type PrivateAddresses } from '../engine/guarded-fetch.ts';
import { createLog } from '../log.ts';
import { openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { simulateClock } from '../postgres/simulated-clock.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { onlyKey } from '../secrets/master-keys.ts';
import type { MailServer } from './send-mail.ts';

export async function openAlerts(privateAddresses: PrivateAddresses = 'loopback') {
  const scratch = await createDatabase({ template: 'millrace', prepare: migrate });
  const clock = await simulateClock(scratch.url);
  const database = openDatabase(scratch.url);
  const tenant = await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme Shipping'));
  const other = await database.asScanner((tx) => ensureTenant(tx, 'other', 'Other'));
  const owner = new pg.Client(scratch.url);
  await owner.connect();
  // Row-level security binds the owner too.
  await owner.query(`set app.tenants = '{${tenant.id},${other.id}}'`);
  const services = {
    database,
    masterKeys: onlyKey({ id: 'test', key: randomBytes(32) }),
    network: guardedNetwork(privateAddresses),
    log: createLog('silent', process.stderr),
    mailServer: undefined as MailServer | undefined,
  };
  const query = async <T extends object>(text: string, values: unknown[] = []) =>
    (await owner.query<T>(text, values)).rows;
  return {
    services,
    tenant: tenant.id,
    other: other.id,
    query,
    async later(ms: number) {
      await clock.advanceTo(new Date((await clock.now()).getTime() + ms));
    },
    /** Raises an alert as a commit does. */
    raise: (incident: string, severity: 'warning' | 'high' = 'warning', of = tenant.id) =>
      query(
        `insert into millrace.alert (tenant_id, incident, code, severity, message, flow_id)
         values ($1, $2, 'STEP_FAILING', $3, $4, 'orders') on conflict do nothing`,
        [of, incident, severity, `It is about ${incident}.`],
      ),
    deliveries: () =>
      query<{ state: string; attempts: number; error: string | null }>(
        'select state, attempts, error from millrace.alert_delivery order by alert_id, channel_id',
      ),
    async stop() {
      await owner.end();
      await clock.close();
      await database.close();
      await scratch.drop();
    },
  };
}

export type AlertsFixture = Awaited<ReturnType<typeof openAlerts>>;

/** A mail server with a login that keeps what it takes. */
export async function startMailServer() {
  const received: { to: string[]; source: string }[] = [];
  const behaviour = { refuse: false };
  const server = new SMTPServer({
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      username === 'millrace' && password === 'p@ss word'
        ? done(null, { user: username })
        : done(Object.assign(new Error(`Invalid login ${password}`), { responseCode: 535 })),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour.refuse) return done(Object.assign(new Error('Not now'), { responseCode: 451 }));
        received.push({
          to: envelope.rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        });
        done(null);
      });
    },
  });
  // A client that breaks off is none of the test's business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    server: (password = 'p@ss word'): MailServer => ({
      url: `smtp://millrace:${encodeURIComponent(password)}@127.0.0.1:${port}`,
      from: 'Millrace <millrace@example.com>',
    }),
    received,
    behaviour,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Takes webhooks, and answers as the test says. */
export async function startReceiver() {
  const requests: Request[] = [];
  const behaviour = { status: 204 };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(behaviour.status, behaviour.status === 302 ? { location: '/elsewhere' } : {}).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/alerts`,
    requests,
    behaviour,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
