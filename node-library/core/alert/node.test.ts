import type { NodeContext } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { schemaProblems } from '@millrace/testing/schema-problems';
import { expect, test } from 'vitest';
import alert from './node.ts';

function recordedAlerts() {
  const said: unknown[] = [];
  const alerts: NodeContext['alerts'] = {
    raise: (one) => void said.push(['raise', one]),
    close: (one) => void said.push(['close', one]),
  };
  return { said, alerts };
}

test('R-C3 an alert is raised about a thing, and closed; the input goes on', async () => {
  const { said, alerts } = recordedAlerts();
  const on = { kind: 'emit', port: 'out', data: { sku: 'A' } };
  const message = 'It is off.';
  expect(
    await runNode(alert, { sku: 'A' }, { code: 'OFF', about: 'A', severity: 'high', message }, { alerts }),
  ).toEqual(on);
  expect(await runNode(alert, { sku: 'A' }, { code: 'OFF', about: 'A', does: 'close' }, { alerts })).toEqual(on);
  expect(said).toEqual([
    ['raise', { code: 'OFF', about: 'A', severity: 'high', message }],
    ['close', { code: 'OFF', about: 'A' }],
  ]);
});

test.each(['off', 'A', 'A B', '1A', ''])('“%s” is no code', (code) => {
  expect(schemaProblems(alert.config, { code, message: 'x' })).not.toEqual([]);
});
