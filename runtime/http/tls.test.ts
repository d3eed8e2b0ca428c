import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../config/load.ts';
import { createLog } from '../log.ts';
import { createHttpServer, type HttpOptions } from './server.ts';
import { type Instance, startInstance } from './test-instance.fixture.ts';
import { keepCertificate } from './tls.ts';
import { deployWebhook } from './webhook-instance.fixture.ts';

let instance: Instance;
const folder = mkdtempSync(join(tmpdir(), 'millrace-tls-'));
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await instance?.stop();
});

/** A self-signed certificate for a name, in files. */
function selfSigned(name: string) {
  const [key, cert] = [join(folder, `${name}-key.pem`), join(folder, `${name}-cert.pem`)];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert, '-subj', `/CN=${name}`], { stdio: 'ignore' });
  return { key, cert };
}

/** A second server over the same instance; `lines` tells when one of a kind is logged. */
async function serve(options: Partial<HttpOptions>) {
  const server = createHttpServer({ ...instance.api, studioFolder: folder, ...options });
  const port = await server.listen(0, '127.0.0.1');
  onTestFinished(() => server.close());
  return port;
}

const agentOf = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  onTestFinished(() => agent.destroy());
  return agent;
};

/** Asks for the health, and tells whose certificate was shown on which connection. */
async function ask(port: number, agent: Agent) {
  const asked = request({ host: '127.0.0.1', port, path: '/api/v1/health', agent }).end();
  const [response] = await once(asked, 'response');
  const socket = response.socket as TLSSocket;
  const shown = { name: socket.getPeerCertificate().subject.CN, from: socket.localPort };
  await text(response);
  return { status: response.statusCode, ...shown };
}

describe('R-C8 HTTPS', () => {
  test('is served with the certificate of the files', async () => {
    const port = await serve({ tls: selfSigned('first') });
    expect(await ask(port, agentOf())).toMatchObject({ status: 200, name: 'first' });
  });

  test('a renewed certificate is served to who comes, and nobody who is there loses the connection', async () => {
    const files = selfSigned('before');
    const logged: string[] = [];
    let heard = () => {};
    const log = createLog(
      'info',
      new Writable({
        write(line, _encoding, done) {
          logged.push(String(line));
          heard();
          done();
        },
      }),
    );
    const told = (part: string) =>
      new Promise<void>((resolve) => {
        heard = () => logged.some((line) => line.includes(part)) && resolve();
        heard();
      });
    const port = await serve({ tls: files, log, tlsLookMs: 20 });
    const present = agentOf();
    const before = await ask(port, present);

    const next = selfSigned('after');
    writeFileSync(files.cert, readFileSync(next.cert));
    await told('cannot be used');
    expect(await ask(port, agentOf())).toMatchObject({ name: 'before' });
    writeFileSync(files.key, readFileSync(next.key));
    await told('was renewed');

    expect(await ask(port, present)).toEqual(before);
    expect(await ask(port, agentOf())).toMatchObject({ status: 200, name: 'after' });
  });

  test.each([
    ['is missing', () => ({ ...selfSigned('a'), cert: join(folder, 'nowhere.pem') }), 'nowhere.pem cannot be read'],
    ['belongs to another key', () => ({ ...selfSigned('b'), key: selfSigned('c').key }), 'are no pair of PEM files'],
    ['is none', () => ({ ...selfSigned('d'), cert: import.meta.filename }), 'are no pair of PEM files'],
  ])('where the certificate %s the start says so', (_case, files, message) => {
    expect(() => keepCertificate(files(), instance.api.log)).toThrow(
      expect.objectContaining({ code: 'TLS_UNUSABLE', message: expect.stringContaining(message) }),
    );
  });
});

describe('the settings', () => {
  test('name certificate and key, or neither', () => {
    const files = { MILLRACE_TLS_CERT: 'tls/cert.pem', MILLRACE_TLS_KEY: '/etc/key.pem' };
    expect(loadConfig(files, folder).tls).toEqual({ cert: join(folder, 'tls/cert.pem'), key: '/etc/key.pem' });
    expect(loadConfig({}, folder).tls).toBeUndefined();
    expect(() => loadConfig({ MILLRACE_TLS_KEY: 'key.pem' }, folder)).toThrow('needs MILLRACE_TLS_CERT beside it');
  });

  test('name proxies by address, not by name', () => {
    const set = (list: string) => loadConfig({ MILLRACE_TRUSTED_PROXIES: list }, folder).trustedProxies;
    expect(set('10.0.0.5,10.1.0.0/16,fd00::1')).toEqual(['10.0.0.5', '10.1.0.0/16', 'fd00::1']);
    for (const list of ['proxy.example.com', '10.0.0.5,', '10.0.0.999', '10.0.0.0/64'])
      expect(() => set(list)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

describe('R-C8 behind a proxy', () => {
  async function fromWhom(port: number, path: string) {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    const answer = await fetch(`http://127.0.0.1:${port}/hooks/acme/${path}`, { method: 'POST', body: '{}', headers });
    const { runId } = (await answer.json()) as { runId: string };
    return (await instance.call('GET', `/runs/${runId}`)).body.trigger.meta.from;
  }

  test('that is named, the caller is whom the proxy has seen, not whom the caller says', async () => {
    await deployWebhook(instance, 'proxied', { config: { path: 'proxied' } });
    expect(await fromWhom(await serve({ trustedProxies: ['127.0.0.1'] }), 'proxied')).toBe('203.0.113.9');
  });

  test('that is not named, nothing of it is believed', async () => {
    await deployWebhook(instance, 'forged', { config: { path: 'forged' } });
    expect(await fromWhom(await serve({ trustedProxies: ['10.0.0.5'] }), 'forged')).toBe('127.0.0.1');
    expect(await fromWhom(await serve({}), 'forged')).toBe('127.0.0.1');
  });
});

describe('50 who sends too slowly', () => {
  async function slowly(begin: string) {
    const port = await serve({ limits: { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 } });
    const socket: Socket = connect(port, '127.0.0.1');
    socket.write(begin);
    return text(socket);
  }

  test('its headers loses the connection', async () => {
    expect(await slowly('POST /hooks/acme/x HTTP/1.1\r\nHost: a\r\nX-Slow: ')).toContain('408 Request Timeout');
  });

  test('its body loses the connection', async () => {
    const begin =
      'POST /hooks/acme/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{';
    expect(await slowly(begin)).toContain('408 Request Timeout');
  });
});
