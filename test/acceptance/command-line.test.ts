import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { orderExport, resultOf, sampleOrder, user } from './millrace.fixture.ts';

type Flow = { nodes: Record<string, Record<string, unknown>>; edges: Record<string, string>[] };

/** The order export, changed by hand and saved in another form than the canonical one. */
async function changedFlow(home: string, change: (flow: Flow) => void): Promise<string> {
  const folder = join(home, 'flow');
  await cp(orderExport, folder, { recursive: true });
  const flow = JSON.parse(await readFile(join(folder, 'flow.json'), 'utf8')) as Flow;
  change(flow);
  await writeFile(join(folder, 'flow.json'), JSON.stringify(flow));
  return folder;
}

async function changedOrder(home: string, change: object): Promise<string> {
  const order = JSON.parse(await readFile(sampleOrder, 'utf8')) as object;
  await writeFile(join(home, 'order.json'), JSON.stringify({ ...order, ...change }));
  return join(home, 'order.json');
}

/** A user with an empty dropzone, running the order export into it. */
async function exporter() {
  const me = await user();
  const dropzone = join(me.home, 'dropzone');
  await mkdir(dropzone);
  const run = (order: string) =>
    me.millrace('flow', 'run', orderExport, '--trigger', order, '--connection', `dropzone=${dropzone}`, '--json');
  return { ...me, dropzone, run };
}

const pathOfSuccess = ['check', 'document', 'store', 'keep', 'deliver', 'sent', 'ack', 'acked'];

describe('millrace flow run', () => {
  test('delivers into a folder and ends with 0 when the ERP has acknowledged; the last line is the result', async () => {
    const { dropzone, run } = await exporter();
    const call = run(sampleOrder);
    await call.said(/Waiting for the acknowledgement/);
    const [file] = await readdir(dropzone);
    const ack = { status: 'ACKED', erp_order_id: 'SO-1', processed_at: '2026-11-20T10:05:00Z' };
    await writeFile(join(dropzone, `ack_${file}`), JSON.stringify(ack));
    const ended = await call.ended;
    expect(ended.status).toBe(0);
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
    const result = resultOf(ended);
    expect(Object.keys(result)).toEqual(['runId', 'outcome', 'output', 'error', 'steps']);
    expect(result).toMatchObject({ outcome: 'succeeded', output: { data: { status: 'ACKED' } }, error: null });
    expect(result.steps.map(({ key }) => key)).toEqual(pathOfSuccess);
  });

  test('R-D1 refuses an order with five mistakes by five pointers, and delivers nothing', async () => {
    const { home, dropzone, run } = await exporter();
    const order = await changedOrder(home, {
      approved_at: 'yesterday',
      customer: { id: '1', erp_customer_number: 'CUST-4711', name: null },
      header: { external_order_number: 'PO-1', order_date: '2026-11-18', currency: 'euro' },
      lines: [{ line_no: 0, internal_sku: 'SKU-ABC', qty: -1, uom: 'PCE', unit_price: 1 }],
    });
    const ended = await run(order).ended;
    expect(ended.status).toBe(1);
    const { outcome, error } = resultOf(ended);
    expect(outcome).toBe('failed');
    expect(error?.code).toBe('ORDER_INVALID');
    expect(error?.problems?.map(({ pointer }) => pointer)).toEqual([
      '/approved_at',
      '/customer/name',
      '/header/currency',
      '/lines/0/line_no',
      '/lines/0/qty',
    ]);
    expect(await readdir(dropzone)).toEqual([]);
  });

  test.each([
    ['a path where no flow is', ['no-such-flow'], 'FLOW_NOT_FOUND: There is no flow at no-such-flow.'],
    [
      'a connection without a value',
      [orderExport, '--connection', 'dropzone'],
      'OPTION_INVALID: --connection takes name=value, not “dropzone”.',
    ],
    [
      'a slot that the flow has not',
      [orderExport, '--connection', 'dropbox=/tmp'],
      'CONNECTION_SLOT_UNKNOWN: The flow has no connection slot “dropbox”.',
    ],
    [
      'a kind of connection that is not known',
      [orderExport, '--connection', 'dropzone=ftp://erp/in'],
      'BAD_CONNECTION_TEXT: The place is a folder or sftp://…, not ftp://…. (/kind)',
    ],
    [
      'an SFTP address without the host key',
      [orderExport, '--connection', 'dropzone=sftp://me:canary@erp/in'],
      'BAD_CONNECTION_TEXT: Add ?hostKey=SHA256:… with the fingerprint of the server’s host key (43 characters, as ssh-keygen -lf prints it). (/hostKey)',
    ],
    [
      'a payload that is not there',
      [orderExport, '--trigger', 'order.json'],
      'FILE_UNREADABLE: order.json cannot be read.',
    ],
  ])('refuses %s in one line', async (_what, args, line) => {
    const { millrace } = await user();
    expect(await millrace('flow', 'run', ...args).ended).toEqual({ status: 1, stdout: '', stderr: `${line}\n` });
  });

  test('refuses a payload that is not JSON in one line', async () => {
    const { home, millrace } = await user();
    await writeFile(join(home, 'order.json'), '{"draft_order_id": }');
    const { status, stderr } = await millrace('flow', 'run', orderExport, '--trigger', 'order.json').ended;
    expect(stderr).toMatch(/^BAD_JSON: order\.json is not JSON: .*\n$/);
    expect(status).toBe(1);
  });

  test('refuses a slot that is left unbound by its name', async () => {
    const { millrace } = await user();
    const { status, stderr } = await millrace('flow', 'run', orderExport, '--trigger', sampleOrder).ended;
    expect(stderr).toMatch(/^[A-Z_]+: .*dropzone.*\n$/);
    expect(status).toBe(1);
  });
});

describe('millrace flow validate', () => {
  test('has nothing to say of a good flow', async () => {
    const { millrace } = await user();
    expect(await millrace('flow', 'validate', orderExport).ended).toEqual({
      status: 0,
      stdout: 'No problems.\n',
      stderr: '',
    });
  });

  test('lists every problem of a broken flow with its place, as lines and as JSON', async () => {
    const { home, millrace } = await user();
    const flow = await changedFlow(home, ({ nodes, edges }) => {
      nodes.store = { ...nodes.store, config: {} };
      nodes.keep = { ...nodes.keep, type: 'records/burn' };
      nodes.sent = { ...nodes.sent, config: { type: 'erp-export', to: 'SENT', id: '{% $run. %}' } };
      nodes.deliver = { ...nodes.deliver, connection: 'nowhere' };
      edges.push({ from: 'acked', to: 'nobody' });
    });
    const { status, stdout } = await millrace('flow', 'validate', flow).ended;
    expect(status).toBe(1);
    for (const place of ['/nodes/store', '/nodes/keep', '/nodes/sent', '/nodes/deliver', '/edges/']) {
      expect(stdout).toMatch(new RegExp(`^${place}\\S*  [A-Z_]+: .+$`, 'm'));
    }
    const asJson = JSON.parse((await millrace('flow', 'validate', flow, '--json').ended).stdout) as {
      problems: object[];
    };
    expect(asJson.problems).toHaveLength(stdout.trimEnd().split('\n').length);
  });
});

test('millrace flow validate names what is wrong in a JSON Schema of the flow', async () => {
  const { home, millrace } = await user();
  const flow = await changedFlow(home, ({ nodes }) => {
    nodes.check = { ...nodes.check, config: { schema: { properties: { id: { type: 'text' } } } } };
  });
  const { status, stdout } = await millrace('flow', 'validate', flow).ended;
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^\/nodes\/check\/config\/schema\/properties\/id\/type {2}SCHEMA_INVALID: This is no valid JSON Schema: .*$/m,
  );
});

describe('millrace flow validate with schemas on both sides of a mapping', () => {
  /** The order export with its document held against a target, and another source for the currency. */
  const mapped = (home: string, target: object, currency = 'header.currency') =>
    changedFlow(home, ({ nodes }) => {
      const config = nodes.document?.config as { fields: { to: string; from?: string }[]; target?: object };
      config.target = target;
      for (const line of config.fields) if (line.to === 'header.currency') line.from = currency;
    });
  const header = (properties: object) => ({ properties: { header: { type: 'object', ...properties } } });

  test('refuses what fails every time', async () => {
    const { home, millrace } = await user();
    const target = header({ required: ['season'], properties: { currency: { type: 'integer' } } });
    const { status, stdout } = await millrace('flow', 'validate', await mapped(home, target)).ended;
    expect(status).toBe(1);
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^\/nodes\/document\/config\/fields {2}TARGET_REQUIRED: “header.season” /),
      expect.stringMatching(/^\/nodes\/document\/config\/fields\/9\/from {2}TARGET_TYPE: “header.currency” .*text\.$/),
    ]);
  });

  test('warns of what may be wrong, and ends with 0', async () => {
    const { home, millrace } = await user();
    const { status, stdout } = await millrace('flow', 'validate', await mapped(home, {}, 'header.curency')).ended;
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^\/nodes\/document\/config\/fields\/9\/from {2}warning SOURCE_UNKNOWN \(at character 7\): “header.curency” .*\n$/,
    );
  });
});

describe('millrace flow fmt', () => {
  test('--check refuses another form and changes nothing; without it the file takes the canonical form', async () => {
    const { home, millrace } = await user();
    const flow = await changedFlow(home, () => undefined);
    const before = await readFile(join(flow, 'flow.json'), 'utf8');
    const refused = await millrace('flow', 'fmt', flow, '--check').ended;
    expect(refused).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/^NOT_FORMATTED: .*\n$/) });
    expect(await readFile(join(flow, 'flow.json'), 'utf8')).toBe(before);
    expect((await millrace('flow', 'fmt', flow).ended).status).toBe(0);
    expect(await readFile(join(flow, 'flow.json'), 'utf8')).toBe(
      await readFile(join(orderExport, 'flow.json'), 'utf8'),
    );
    expect((await millrace('flow', 'fmt', flow, '--check').ended).status).toBe(0);
  });
});

describe('millrace eval', () => {
  test('prints the value of an expression over an input, every digit kept', async () => {
    const { home, millrace } = await user();
    await writeFile(join(home, 'order.json'), '{"lines":[{"qty":2},{"qty":3}],"total":9007199254740993}');
    const sum = await millrace('eval', '$sum(lines.qty)', '--input', 'order.json').ended;
    expect(sum).toEqual({ status: 0, stdout: '5\n', stderr: '' });
    const total = await millrace('eval', 'total', '--input', 'order.json').ended;
    expect(total.stdout).toBe('9007199254740993\n');
  });

  test('prints nothing where an expression has no value', async () => {
    const { millrace } = await user();
    expect(await millrace('eval', 'nothing').ended).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('refuses an expression that is none in one line', async () => {
    const { millrace } = await user();
    expect(await millrace('eval', '1 +').ended).toEqual({
      status: 1,
      stdout: '',
      stderr: 'EXPRESSION_PARSE: The expression ends too early. (at character 3)\n',
    });
  });
});
