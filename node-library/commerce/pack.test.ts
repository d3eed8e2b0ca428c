import { catalogueOf, defineConnection, definePack } from '@millrace/contract';
import Type from 'typebox';
import { expect, onTestFinished, test } from 'vitest';
import commerce from './pack.ts';

const http = defineConnection({
  id: 'core/http',
  title: 'HTTP system',
  summary: 'Stands for the real one, which belongs to another pack.',
  config: Type.Object({ baseUrl: Type.String() }),
  fromText: (baseUrl) => ({ baseUrl }),
  probe: async () => ({ ok: true, message: 'There.' }),
});
const options = { folder: '', now: () => new Date(), database: () => Promise.reject(new Error('not needed')) };

test.each([
  ['commerce-erp', 'bearer'],
  ['commerce-erp-api-key', 'header'],
])('a flow test that names %s plays against an ERP with the login %s', async (kind, auth) => {
  const core = definePack({ id: 'core', title: 'Core', nodes: [], triggers: [], connections: [http] });
  const spec = catalogueOf([core, commerce]).connections.get('core/http');
  expect(spec?.sandboxKinds).toContain(kind);
  const sandbox = await spec?.sandbox?.({ ...options, kind });
  onTestFinished(() => sandbox?.stop());
  expect(sandbox?.config).toMatchObject({ auth });
});
