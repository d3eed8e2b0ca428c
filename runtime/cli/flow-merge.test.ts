import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FlowDocument, formatFlow } from '@millrace/flow';
import { commandLine } from '@millrace/testing/command-line';
import { plainEnvironment } from '@millrace/testing/plain-environment';
import { describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'millrace-merge-'));
const file = (name: string, content: object) => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return name;
};

/** The command as users call it, where the files are. */
function flow(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [commandLine, 'flow', ...args], {
    cwd: folder,
    env: plainEnvironment,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

const written = (name: string) => readFileSync(join(folder, name, 'flow.json'), 'utf8');

/** A template that maps an order; the arguments are what is changed of it. */
function order({ title = 'Order', date = 'date', due = 'PT4H' }): FlowDocument {
  return {
    format: 1,
    id: 'order',
    name: 'Order',
    parameters: { type: 'object', properties: { due: { type: 'string', default: due } } },
    nodes: {
      order: { type: 'core/webhook', version: 1, title, config: { path: 'orders' } },
      document: { type: 'core/map', version: 1, config: { fields: [{ to: 'header.date', from: date }] } },
    },
    edges: [{ from: 'order', to: 'document' }],
  };
}
const base = file('base.json', order({}));
const mine = file('mine.json', order({ title: 'Approved', date: 'mine' }));
const theirs = file('theirs.json', { flow: order({ due: 'P1D' }) });
const against = file('against.json', order({ date: 'theirs' }));
const place = '/flow/nodes/document/config/fields/header.date/from';

describe('R-X1 millrace flow diff', () => {
  test('tells each change in a sentence behind its place, and ends with 1', () => {
    expect(flow('diff', base, mine)).toMatchObject({
      status: 1,
      lines: [
        `${place}  The config of the node “document”, at /fields/header.date/from, changes from "date" to "mine".`,
        '/flow/nodes/order/title  The title of the node “order” changes from "Order" to "Approved".',
      ],
    });
  });

  test('with --json gives the changes to programs', () => {
    const { changes } = JSON.parse(flow('diff', base, theirs, '--json').lines.join('\n')) as { changes: object[] };
    expect(changes).toEqual([
      {
        kind: 'parameter-default',
        name: 'due',
        action: 'changed',
        pointer: '/flow/parameters/properties/due/default',
        field: '',
        before: 'PT4H',
        after: 'P1D',
        edit: { from: 1, before: 'T4H', after: '1D' },
      },
    ]);
  });

  test('of equal flows ends with 0', () => {
    expect(flow('diff', base, base)).toMatchObject({ status: 0, lines: ['No difference.'] });
  });
});

describe('R-X6 millrace flow merge', () => {
  test('writes a folder with what both have changed, in the canonical form', () => {
    expect(flow('merge', base, mine, theirs, '-o', 'merged')).toMatchObject({
      status: 0,
      lines: ['No conflicts.', 'Written to merged.'],
    });
    expect(written('merged')).toBe(formatFlow(order({ title: 'Approved', date: 'mine', due: 'P1D' })));
  });

  test('lists a conflict with its three values, has what is mine there, and ends with 1', () => {
    expect(flow('merge', base, mine, against, '-o', 'contested')).toMatchObject({
      status: 1,
      lines: [place, '  base    "date"', '  mine    "mine"', '  theirs  "theirs"', 'Written to contested.'],
    });
    expect(written('contested')).toBe(formatFlow(order({ title: 'Approved', date: 'mine' })));
  });

  test('with --json gives bundle and conflicts, and without --output writes nothing', () => {
    const before = readdirSync(folder);
    const { bundle, conflicts } = JSON.parse(flow('merge', base, mine, against, '--json').lines.join('\n'));
    expect(conflicts).toEqual([{ kind: 'value', pointer: place, base: 'date', mine: 'mine', theirs: 'theirs' }]);
    expect(bundle.flow.nodes.order.title).toBe('Approved');
    expect(readdirSync(folder)).toEqual(before);
  });

  test('writes over nothing: what is there stays as it is', () => {
    const { status, stderr } = flow('merge', base, mine, theirs, '-o', base);
    expect([status, stderr]).toEqual([1, expect.stringContaining('FOLDER_NOT_EMPTY: ')]);
    expect(readFileSync(join(folder, base), 'utf8')).toBe(JSON.stringify(order({})));
  });

  test('refuses what is no flow, by the file’s name', () => {
    const broken = file('broken.json', { flow: order({}), samples: 5 });
    expect(flow('merge', base, mine, broken).stderr).toContain('FLOW_UNREADABLE: broken.json is not a flow');
  });
});
