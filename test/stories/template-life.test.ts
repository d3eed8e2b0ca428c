import { createDatabase } from '@millrace/testing';
import { expect, onTestFinished, test } from 'vitest';
import { templateLife } from './template-life.ts';

test('R-X6 R-X4 a template is offered, cloned, tested, promoted, upgraded and rolled back, by the command line alone', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const lines: string[] = [];
  await templateLife((line) => lines.push(line), database.url);
  const told = lines.join('\n');
  expect(told).toContain('/flow/nodes/document/config/fields/header.channel');
  expect(told).toContain('The ERP has got: globex-berlin -, globex-berlin shop, globex-berlin -.');
}, 300_000);
