import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'millrace-validate-'));
const file = (name: string, content: object) => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};

/** The command as users call it. */
function validate(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, 'flow', 'validate', ...args], {
    cwd: folder,
    env: plainEnvironment,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

const text = { type: 'string' };
const line = { type: 'object', required: ['sku', 'qty'], properties: { sku: text, qty: { type: 'number' } } };
const schema = {
  type: 'object',
  required: ['id', 'lines'],
  properties: { id: text, lines: { type: 'array', minItems: 1, items: line } },
};

/** An order is checked, mapped by lines and by a text, and its total decides. */
const flow = {
  format: 1,
  id: 'order',
  name: 'Order',
  nodes: {
    order: { type: 'core/webhook', version: 1, config: { path: 'orders' } },
    check: { type: 'core/validate', version: 1, config: { schema } },
    lines: {
      type: 'core/map',
      version: 1,
      config: {
        fields: [
          { to: 'id', from: 'id' },
          {
            to: 'items',
            each: 'lines',
            fields: [
              { to: 'sku', from: 'sku' },
              { to: 'n', from: 'qty' },
            ],
          },
        ],
      },
    },
    total: {
      type: 'core/map',
      version: 1,
      config: {
        expression: '{ "id": $steps.check.id, "total": $sum($map($steps.check.lines, function($l) { $l.qty })) }',
      },
    },
    size: {
      type: 'core/branch',
      version: 1,
      config: { cases: [{ port: 'large', when: '{% $count($steps.check.lines[qty > 10]) > 0 %}' }] },
    },
    small: { type: 'core/map', version: 1, config: { expression: '{ "qty": total.qty }' } },
    large: { type: 'core/map', version: 1, config: { expression: '{ "id": $steps.check.id }' } },
  },
  edges: [
    { from: 'order', to: 'check' },
    { from: 'check', to: 'lines' },
    { from: 'lines', to: 'total' },
    { from: 'total', to: 'size' },
    { from: 'size', port: 'large', to: 'large' },
    { from: 'size', port: 'else', to: 'small' },
  ],
};
const path = file('flow.json', flow);

describe('before a field of a schema is renamed', () => {
  test('every expression is listed that would break, and those that may', () => {
    const { status, lines } = validate(path, '--rename', 'check:lines.qty=quantity');
    expect(status).toBe(1);
    expect(lines.map((each) => each.split('  ')[0])).toEqual([
      '/nodes/lines/config/fields/1/fields/1/from',
      '/nodes/total/config/expression',
      '/nodes/size/config/cases/0/when',
      '/nodes/small/config/expression',
    ]);
    expect(lines[1]).toBe(
      '/nodes/total/config/expression  warning SOURCE_UNKNOWN (at character 82): “$l.qty” leads nowhere: there is no such field. There are “sku”, “quantity”.',
    );
    expect(lines[3]).toContain('warning FIELD_MAY_BE_GONE');
  });

  test('nothing is listed where nothing reads it', () => {
    expect(validate(path, '--rename', 'check:lines.sku=article').lines).toHaveLength(1);
    const unread = file('unread.json', { ...flow, nodes: { ...flow.nodes, lines: flow.nodes.large } });
    expect(validate(unread, '--rename', 'check:lines.sku=article')).toMatchObject({
      status: 0,
      lines: ['Nothing breaks.'],
    });
  });

  test('what was wrong before is not listed, though other fields may be there instead now', () => {
    const wrong = { ...flow.nodes.small, config: { expression: '{ "n": $steps.check.lines.quantty }' } };
    const path = file('wrong-before.json', { ...flow, nodes: { ...flow.nodes, small: wrong } });
    expect(validate(path).lines).toEqual([expect.stringContaining('“$steps.check.lines.quantty” leads nowhere')]);
    expect(validate(path, '--rename', 'check:lines.sku=article').lines).toEqual([
      expect.stringContaining('/nodes/lines/config/fields/1/fields/0/from'),
    ]);
  });

  test('and the flow itself is as it was', () => {
    validate(path, '--rename', 'check:id=number');
    expect(validate(path)).toMatchObject({ status: 0, lines: ['No problems.'] });
  });
});

test('before a schema is replaced, what would break is listed, as JSON where that is asked for', () => {
  const next = file('next.json', { ...schema, properties: { ...schema.properties, lines: text } });
  const { status, lines } = validate(path, '--schema', `check=${next}`, '--json');
  const { broken, doubtful } = JSON.parse(lines.join('\n')) as { broken: { pointer: string }[]; doubtful: object[] };
  expect(status).toBe(1);
  expect(broken.map(({ pointer }) => pointer)).toContain('/nodes/size/config/cases/0/when');
  expect(doubtful).toMatchObject([{ code: 'FIELD_MAY_BE_GONE', pointer: '/nodes/small/config/expression' }]);
});

test.each([
  [['--rename', 'check:lines.quantity=x'], 'SCHEMA_FIELD_UNKNOWN'],
  [['--rename', 'check:lines.qty=sku'], 'SCHEMA_FIELD_TAKEN'],
  [['--rename', 'order:id=x'], 'SCHEMA_PLACE_UNKNOWN'],
  [['--rename', 'qty=quantity'], 'OPTION_INVALID'],
  [['--schema', 'check'], 'OPTION_INVALID'],
  [['--schema', 'check=flow.json', '--rename', 'check:id=x'], 'OPTION_INVALID'],
])('%j is refused as %s', (options, code) => {
  const { status, stderr } = validate(path, ...options);
  expect(stderr).toContain(`${code}: `);
  expect(status).toBe(1);
});

test('an expression that is evaluated in a guarded process is worth a notice, what cannot be an error', () => {
  const { nodes } = flow;
  const guarded = {
    ...nodes.large,
    config: { expression: '{ "id": $match($steps.check.id, /(?<=PO-)[0-9]+/).match }' },
  };
  const path = file('guarded.json', { ...flow, nodes: { ...nodes, large: guarded } });
  const { status, lines } = validate(path);
  expect(status).toBe(0);
  expect(lines).toEqual([
    '/nodes/large/config/expression  notice EXPRESSION_GUARDED (at character 32): Its regular expression uses look-around or a back-reference and can take any time. It is evaluated in a guarded process, which takes longer and is ended when it takes too long.',
  ]);
  const wrong = { ...nodes.large, config: { expression: '{ "id": $steps.check.id + 1 }' } };
  expect(validate(file('wrong.json', { ...flow, nodes: { ...nodes, large: wrong } }))).toMatchObject({
    status: 0,
    lines: [
      expect.stringContaining('warning OPERATION_IMPOSSIBLE (at character 8): The left side of “+” must be a number.'),
    ],
  });
});
