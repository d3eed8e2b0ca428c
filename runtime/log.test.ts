import { Writable } from 'node:stream';
import { ExactNumber, MillraceError } from '@millrace/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, orderFlow, startInstance } from './http/test-instance.fixture.ts';
import { createLog, type Log } from './log.ts';

const canary = 'canary-5up3r';

/** What a log writes while something is logged, at its most talkative. */
function written(work: (log: Log) => void): string {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  work(createLog('trace', stream));
  return lines.join('');
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const names =
  `authorization Authorization proxy-authorization cookie Set-Cookie x-api-key apiKey API_KEY password Password
  passphrase privateKey secret clientSecret accessToken refresh_token secretAccessKey databaseUrl connectionString
  webhook-signature SMTP_URL credentials`.split(/\s+/);

describe('a field that holds a secret', () => {
  test.each(levels)('is never written at the level %s, however deep it is', (level) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.array(fc.constantFrom('headers', 'a', '0'), { maxLength: 9 }),
        (name, path) => {
          const fields = path.reduce<object>((inner, key) => (key === '0' ? { list: [inner] } : { [key]: inner }), {
            [name]: canary,
            shown: 'yes',
          });
          const text = written((log) => log[level](fields, 'something'));
          expect(text).not.toContain(canary);
          // What is deeper than anybody looks is cut off.
          if (path.length <= 5) expect(text).toContain('"shown":"yes"');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is not written by a child log that carries it', () => {
    expect(written((log) => log.child({ run: 'r', password: canary }).info('x'))).toMatch(/^(?!.*canary).*"run":"r"/);
  });

  test('is not written of an error, of its cause, nor of errors in lists', () => {
    const request = { headers: { authorization: canary } };
    const cause = Object.assign(new Error('refused'), { request });
    const error = Object.assign(new Error('failed', { cause }), { config: request, errors: [cause] });
    for (const fields of [{ err: error }, { problem: error }, error]) {
      const text = written((log) => log.error(fields, 'a call failed'));
      expect(text).not.toContain(canary);
      expect(text).toContain('failed');
    }
  });
});

describe('a text that holds a credential is written without it', () => {
  test.each([
    `connect to postgresql://millrace:${canary}@db.example.com:5432/m failed`,
    `connect to postgres://millrace:a/b@c${canary}@db.example.com/m failed`,
    `smtp://user:${canary}@mail.example.com`,
    `https://user:${canary}@example.com/path`,
    `GET https://example.com/path?access_token=${canary}&page=2`,
    `GET https://example.com/path?x=1&X-Amz-Signature=${canary}`,
    `authorization: Bearer ${canary}`,
    `Authorization: Basic ${canary}==`,
    `Cookie: better-auth.session_token=${canary}; theme=dark`,
    `whsec_${canary}`,
    `x-api-key mr_${canary}`,
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${canary}\n-----END OPENSSH PRIVATE KEY-----`,
  ])('%s', (text) => {
    for (const level of levels) {
      const lines = written((log) => {
        log[level](text);
        log[level]({ url: text, list: [{ text }] }, 'it was');
        log[level](new Error(text), 'it was');
        log[level](new MillraceError('X', 'It failed.', { cause: new Error(text), details: { text } }));
      });
      expect(lines).not.toContain(canary);
      for (const line of lines.trim().split('\n')) expect(() => JSON.parse(line), line).not.toThrow();
    }
  });
});

describe('what is no secret stays', () => {
  test.each([
    ['key of a mailbox', { key: '4711', step: 'lines[3]/send' }],
    ['an address without credentials', { url: 'https://example.com/a?page=2', mail: 'ann@example.com' }],
    ['an exact number and a date', { total: new ExactNumber('1.00000000000000000001'), at: new Date(0) }],
    ['nothing', { a: null, b: false, c: 0 }],
  ])('%s', (_what, fields) => {
    const text = written((log) => log.info(fields, 'x'));
    expect(text).toContain(JSON.stringify(fields).slice(1, -1));
  });

  test('a circle does not stop the log', () => {
    const circle: Record<string, unknown> = { name: 'a' };
    circle.self = circle;
    expect(written((log) => log.info(circle, 'x'))).toContain('"self":"(itself)"');
  });
});

describe('an instance at work', () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance();
    await instance.call('POST', '/flows', orderFlow('orders'));
    await instance.call('POST', '/flows/orders/deploy', {});
  });
  afterAll(() => instance?.stop());

  test('names run and step in what it tells of them', async () => {
    const { body } = await instance.call('POST', '/hooks/acme/orders/approved', { id: 'A-1', qty: 1 });
    const lines = instance.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'step', run: body.runId, step: 'check' }));
  });

  test('never tells keys, cookies, passwords of connections', async () => {
    const config = { host: 'vault.example.com', password: canary };
    const made = await instance.call('POST', '/connections', { name: 'Vault', type: 'test/vault', config });
    await instance.call('POST', `/connections/${made.body.id}/test`);
    const headers = { authorization: `Bearer ${canary}`, cookie: `better-auth.session_token=${canary}` };
    await instance.call('GET', '/runs', undefined, { ...headers, 'x-api-key': canary });
    await instance.call('POST', '/hooks/acme/orders/approved', { id: 'A-1', qty: 0 }, headers);
    await instance.call('POST', '/connections', { name: canary, type: 'unknown', config });
    const told = instance.logged.join('');
    expect(told).not.toContain(canary);
    expect(told).not.toContain(instance.keys.acme);
  });
});
