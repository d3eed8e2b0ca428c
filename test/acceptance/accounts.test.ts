import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { user } from './millrace.fixture.ts';

async function said(call: { readonly ended: Promise<{ status: number | null; stdout: string; stderr: string }> }) {
  const { status, stdout, stderr } = await call.ended;
  expect([status, stderr]).toEqual([0, '']);
  return stdout.trimEnd();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('R-X5 by command line alone', () => {
  test('a tenant gets its admin and a key, and its audit tells of it', async () => {
    const { millrace } = await user();
    const link = await said(millrace('tenant', 'create', 'acme', '--name', 'Acme', '--admin', 'ann@example.com'));
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}$/);
    expect(await said(millrace('tenant', 'list'))).toBe('acme\tAcme\tUTC\topen');
    const acme = ['--tenant', 'acme'];
    const key = await said(millrace('key', 'create', ...acme, '--name', 'ERP', '--role', 'operator', '--days', '90'));
    expect(key).toMatch(/^mr_\w{40,}$/);
    const [id = '', name, start, role] = (await said(millrace('key', 'list', ...acme))).split('\t');
    expect([name, start, role]).toEqual(['ERP', `${key.slice(0, 6)}…`, 'operator']);
    await said(millrace('key', 'revoke', id, ...acme));
    expect(await said(millrace('key', 'list', ...acme))).toBe('');

    const verified = await said(millrace('audit', 'verify', ...acme));
    const [, head = ''] = /^4 entries, each as it was written\. Head: (4:[0-9a-f]{64})$/.exec(verified) ?? [];
    expect(await said(millrace('audit', 'verify', ...acme, '--head', head))).toBe(verified);
    const another = `4:${'0'.repeat(64)}`;
    expect(await millrace('audit', 'verify', ...acme, '--head', another).ended).toMatchObject({
      status: 1,
      stderr: 'AUDIT_BROKEN: From entry 4 on: entry 4 is not the one that was noted down. (/4)\n',
    });
    const lines = (await said(millrace('audit', 'export', ...acme, '--jsonl'))).split('\n');
    expect(lines.map((line) => JSON.parse(line).action)).toEqual([
      'tenants.create',
      'members.edit',
      'keys.edit',
      'keys.edit',
    ]);
    expect(lines.join('')).not.toContain(key);
  }, 120_000);

  test('how members of a tenant sign in is set and shown, and a secret is not', async () => {
    const { millrace } = await user();
    await said(millrace('tenant', 'create', 'acme'));
    const acme = ['--tenant', 'acme'];
    await said(millrace('sign-in', 'second-factor', 'needed', ...acme));
    const provider = join(mkdtempSync(join(tmpdir(), 'millrace-sign-in-')), 'sso.json');
    const given = {
      issuer: 'https://login.example.com',
      clientId: 'millrace',
      domains: ['example.com'],
      newcomers: null,
    };
    writeFileSync(provider, JSON.stringify({ ...given, clientSecret: 'canary', passwords: true }));
    await said(millrace('sign-in', 'sso', provider, ...acme));
    expect((await said(millrace('sign-in', 'show', ...acme))).split('\n')).toEqual([
      'second factor\tneeded',
      'single sign-on\thttps://login.example.com\tmillrace\texample.com\tonly the invited',
      'passwords\topen the tenant too',
    ]);
    expect(await said(millrace('audit', 'export', ...acme, '--jsonl'))).not.toContain('canary');
    await said(millrace('sign-in', 'remove-sso', ...acme));
    expect(await millrace('member', 'reset', 'ann@example.com', ...acme).ended).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ann@example.com is no member of acme'),
    });
  }, 120_000);

  test.each([
    [['key', 'create', '--role', 'boss'], 'A role is one of viewer, operator, builder, admin, not “boss”.'],
    [['key', 'create', '--actions', 'runs.delete'], 'There is no action “runs.delete”; docs/roles.md has all of them.'],
    [['tenant', 'create', 'Acme'], 'A short name has lower-case letters, digits and hyphens, a letter first.'],
    [['audit', 'export'], 'Say either --csv or --jsonl.'],
  ])('%j is refused with a sentence', async (args, sentence) => {
    const { millrace } = await user();
    expect(await millrace(...args).ended).toMatchObject({ status: 1, stderr: `OPTION_INVALID: ${sentence}\n` });
  });
});

test('R-X5 the first start prints a link, and whoever opens it owns the instance', async () => {
  const port = await freePort();
  const { millrace } = await user({ PORT: String(port) });
  const serving = millrace('serve');
  const url = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        fetch(`${url}/api/v1/health`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 60_000 },
    )
    .toBe(200);
  serving.interrupt();
  const { stdout } = await serving.ended;
  expect(stdout).toMatch(new RegExp(`Nobody owns this instance yet\\..*\\n  ${url}/welcome#[\\w-]{43}\\n`));
}, 120_000);
