import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import { describe, expect, onTestFinished, test } from 'vitest';
import { orderExport, resultOf, sampleOrder, user } from './millrace.fixture.ts';

const missing = opensshMissing();
const orderFile = 'sales_order_5b1f0c1e-7a35-4f0e-9a6e-3f2d8c4b7a10_20261120T100000Z.json';

/** A user, an SFTP server with the folders of a dropzone, and the server's address as the command line takes it. */
async function setup() {
  const me = await user();
  const server = await startOpenSsh();
  onTestFinished(() => server.stop());
  for (const folder of ['out', 'ack']) await mkdir(join(server.root, folder));
  await writeFile(join(me.home, 'key'), server.privateKey, { mode: 0o600 });
  const run = (flow: string, dropzone = addressOf(server, join(me.home, 'key'))) =>
    me.millrace('flow', 'run', flow, '--trigger', sampleOrder, '--connection', `dropzone=${dropzone}`, '--json');
  return { ...me, server, run };
}

function addressOf({ username, host, port, root, hostKeyFingerprint }: OpenSsh, keyFile: string): string {
  return `sftp://${username}@${host}:${port}${root}?hostKey=${hostKeyFingerprint}&privateKeyFile=${keyFile}`;
}

/** The ERP's answer, written on the server as the ERP would. */
async function answer(server: OpenSsh, kind: 'ack' | 'error', content: object): Promise<void> {
  await writeFile(join(server.root, 'ack', `${kind}_${orderFile}`), JSON.stringify(content));
}

const processed_at = '2026-11-20T10:05:00Z';

describe.skipIf(missing !== undefined)(`over a real SFTP server${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test('R-D3 R-D4 an order is delivered and acknowledged', async () => {
    const { server, run } = await setup();
    const call = run(orderExport);
    await call.said(/Waiting for the acknowledgement/);
    expect(await readdir(join(server.root, 'out'))).toEqual([orderFile]);
    const delivered = JSON.parse(await readFile(join(server.root, 'out', orderFile), 'utf8')) as object;
    expect(delivered).toMatchObject({
      export_version: 'orderflow_export_json_v1',
      lines: [{ qty: 100 }, { qty: 2.25 }],
    });
    await answer(server, 'ack', { status: 'ACKED', erp_order_id: 'SO-2026-001234', processed_at });
    const ended = await call.ended;
    expect(ended.status).toBe(0);
    expect(resultOf(ended)).toMatchObject({
      runId: expect.any(String),
      outcome: 'succeeded',
      output: {
        data: { status: 'ACKED', erp_order_id: 'SO-2026-001234', dropzone_path: join(server.root, 'out', orderFile) },
      },
      error: null,
    });
    expect(await readdir(join(server.root, 'archive'))).toEqual([`ack_${orderFile}`]);
  });

  test('R-D4 an error ack fails the run with what the ERP said', async () => {
    const { server, run } = await setup();
    const call = run(orderExport);
    await call.said(/Waiting for the acknowledgement/);
    const message = 'Customer CUST-4711 not found';
    await answer(server, 'error', { status: 'FAILED', error_code: 'INVALID_CUSTOMER', message, processed_at });
    const ended = await call.ended;
    expect(ended.status).toBe(1);
    expect(resultOf(ended)).toMatchObject({
      outcome: 'failed',
      error: { code: 'ORDER_REFUSED', message: `The ERP refused the order: ${message}` },
    });
  });

  test('R-D3 a changed host key is refused with both fingerprints, and nothing is sent', async () => {
    const { home, server, run } = await setup();
    const pinned = server.hostKeyFingerprint;
    const address = addressOf(server, join(home, 'key'));
    await server.rotateHostKey();
    const ended = await run(await withoutPatience(join(home, 'flow')), address).ended;
    expect(ended.status).toBe(1);
    const result = resultOf(ended);
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'ORDER_NOT_EXPORTED' } });
    expect(result.steps.find(({ key }) => key === 'deliver')).toMatchObject({
      attempts: 2,
      error: {
        code: 'HOST_KEY_CHANGED',
        message: expect.stringContaining(
          `The server's host key is ${server.hostKeyFingerprint}, but the connection pins ${pinned}; nothing was sent.`,
        ),
      },
    });
    expect(await readdir(join(server.root, 'out'))).toEqual([]);
  });

  test('R-D3 where the flow has patience with the server, a changed host key is told while it waits', async () => {
    const { home, server, run } = await setup();
    const address = addressOf(server, join(home, 'key'));
    await server.rotateHostKey();
    const call = run(orderExport, address);
    await call.said(/host key is SHA256/);
    call.interrupt();
    expect(await call.ended).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('INTERRUPTED: ') });
  });
});

/** A copy of the order export whose delivery gives up as a node does that says nothing of retries. */
async function withoutPatience(folder: string): Promise<string> {
  await cp(orderExport, folder, { recursive: true });
  const file = join(folder, 'flow.json');
  const flow = JSON.parse(await readFile(file, 'utf8')) as { nodes: { deliver: { retry?: object } } };
  delete flow.nodes.deliver.retry;
  await writeFile(file, JSON.stringify(flow));
  return folder;
}
