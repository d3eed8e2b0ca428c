import { openNetwork } from '@millrace/testing/run-node';
import { afterEach, describe, expect, test } from 'vitest';
import type { SmtpConfig } from './config.ts';
import smtp from './connection.ts';
import { login, selfSigned, startServer } from './server.fixture.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const certificate = selfSigned();

async function setup(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  stops.push(server.stop);
  const probe = (changes: Partial<SmtpConfig> = {}) =>
    smtp.probe({ ...server.config, ...changes }, new AbortController().signal, openNetwork);
  return { ...server, probe };
}

describe('testing a mail server', () => {
  test('on this machine works without encryption', async () => {
    const { probe } = await setup();
    expect(await probe()).toMatchObject({ ok: true });
  });

  test('elsewhere is refused without encryption, before anything is sent', async () => {
    const { probe, config } = await setup();
    expect(await probe({ host: 'smtp.example.com', port: config.port })).toMatchObject({
      ok: false,
      message: expect.stringContaining('only a mail server on this very machine'),
    });
  });

  test.each(['tls', 'starttls'] as const)('over %s works with a trusted certificate and a login', async (security) => {
    const { probe } = await setup({ ...certificate, secure: security === 'tls' });
    const trusted = { host: 'localhost', security, certificateAuthority: certificate.cert };
    expect(await probe({ ...trusted, ...login })).toEqual({
      ok: true,
      message: expect.stringContaining('the login was accepted'),
    });
  });

  test.each(['tls', 'starttls'] as const)(
    'over %s is refused where the certificate is not trusted',
    async (security) => {
      const { probe } = await setup({ ...certificate, secure: security === 'tls' });
      const answer = await probe({ host: 'localhost', security });
      expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('No trusted encrypted connection') });
    },
  );

  test('over starttls is refused where the certificate is for another name', async () => {
    const { probe } = await setup(certificate);
    const answer = await probe({ host: '127.0.0.1', security: 'starttls', certificateAuthority: certificate.cert });
    expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('No trusted encrypted connection') });
  });

  test('that offers no encryption is refused, and no password is sent to it', async () => {
    let asked = false;
    const { probe } = await setup({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_login, _session, done) => {
        asked = true;
        done(null, { user: 'anybody' });
      },
    });
    expect(await probe({ security: 'starttls', ...login })).toMatchObject({ ok: false });
    expect(asked).toBe(false);
  });

  test('with a wrong password says so without telling the password', async () => {
    const { probe } = await setup(certificate);
    const trusted = { host: 'localhost', security: 'starttls' as const, certificateAuthority: certificate.cert };
    const { ok, message } = await probe({ ...trusted, username: login.username, password: 'canary-wrong' });
    expect(ok).toBe(false);
    expect(message).toContain('answered 535');
    expect(message).not.toContain('canary');
  });

  test('that is not there says so', async () => {
    const { probe, stop } = await setup();
    stops.splice(0);
    await stop();
    expect(await probe()).toMatchObject({ ok: false, message: expect.stringContaining('cannot be reached') });
  });
});

describe('a mail server on one line', () => {
  test.each([
    [
      'smtps://anna%40example.com:p%23ss@smtp.example.com?from=orders@example.com',
      { host: 'smtp.example.com', security: 'tls', username: 'anna@example.com', password: 'p#ss' },
    ],
    ['smtp://smtp.example.com:2525?from=orders@example.com', { port: 2525, security: 'starttls' }],
    ['smtp+insecure://127.0.0.1:25?from=orders@example.com', { host: '127.0.0.1', security: 'none' }],
  ])('%s', (text, expected) => {
    expect(smtp.fromText(text)).toMatchObject({ ...expected, from: 'orders@example.com' });
  });

  test.each([
    ['smtp.example.com', ''],
    ['https://smtp.example.com?from=a@b.c', ''],
    ['smtps://canary:canary@smtp.example.com', '/from'],
    ['smtps://canary:%zz@smtp.example.com?from=a@b.c', '/password'],
  ])('%s is refused without being repeated', (text, pointer) => {
    expect(() => smtp.fromText(text)).toThrow(expect.objectContaining({ code: 'BAD_CONNECTION_TEXT' }));
    expect(() => smtp.fromText(text)).toThrow(expect.objectContaining({ options: { pointer } }));
    expect(() => smtp.fromText(text)).not.toThrow(/canary/);
  });
});
