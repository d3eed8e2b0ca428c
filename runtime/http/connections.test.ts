import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Instance, misfits, startInstance } from './test-instance.fixture.ts';

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance();
});
afterAll(() => instance?.stop());

const call = (...args: Parameters<Instance['call']>) => instance.call(...args);

describe('a connection', () => {
  const config = { host: 'sftp.example', password: 'right' };

  test('is created, listed and changed without ever showing its secret', async () => {
    const created = await call('POST', '/connections', { name: 'ERP', type: 'test/vault', config });
    expect(misfits('post', '/connections', created)).toEqual([]);
    expect(created.body).toMatchObject({
      name: 'ERP',
      config: { host: 'sftp.example', port: 22, password: { set: true } },
      usedBy: [],
    });
    const list = await call('GET', '/connections');
    expect(misfits('get', '/connections', list)).toEqual([]);
    expect(JSON.stringify(list.body)).not.toContain('right');
    const tested = await call('POST', `/connections/${created.body.id}/test`);
    expect(misfits('post', '/connections/:id/test', tested)).toEqual([]);
    expect(tested.body).toEqual({ ok: true, message: 'Asked sftp.example.' });
    const twin = await call('POST', '/connections', { name: 'ERP', type: 'test/vault', config });
    expect(twin).toMatchObject({ status: 409, body: { error: { code: 'NAME_TAKEN' } } });
  });

  test('keeps its secret over harmless changes, and asks for it again when it would be sent elsewhere', async () => {
    const { body } = await call('POST', '/connections', { name: 'kept', type: 'test/vault', config });
    const put = (next: object) => call('PUT', `/connections/${body.id}`, { config: next });
    const harmless = await put({ host: 'sftp.example', port: 22, pollSeconds: 5, password: { set: true } });
    expect(misfits('put', '/connections/:id', harmless)).toEqual([]);
    expect((await put({ host: 'sftp.example', port: 22, pollSeconds: 9 })).status).toBe(200);
    expect((await call('POST', `/connections/${body.id}/test`)).body.ok).toBe(true);
    for (const elsewhere of [{ host: 'evil.example' }, { host: 'sftp.example', port: 2222, pollSeconds: 9 }])
      expect(await put(elsewhere)).toMatchObject({
        status: 422,
        body: { error: { code: 'CONNECTION_SECRET_NEEDED' } },
      });
    expect((await put({ host: 'new.example', password: 'other' })).status).toBe(200);
  });

  test('that does not fit its type is refused without quoting the secret', async () => {
    const answer = await call('POST', '/connections', {
      name: 'x',
      type: 'test/vault',
      config: { password: 'canary', port: 'a' },
    });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'CONNECTION_INVALID' } } });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });
});
