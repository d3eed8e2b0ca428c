import { randomBytes } from 'node:crypto';
import { createDatabase } from '@millrace/testing';
import { expect, onTestFinished, test } from 'vitest';
import { guardedNetwork } from '../engine/guarded-fetch.ts';
import { createLog } from '../log.ts';
import { openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { startRelay } from '../postgres/silent-relay.fixture.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { onlyKey } from '../secrets/master-keys.ts';
import { type Caller, openAuth } from './auth.ts';
import { asksToComeAgain } from './come-again.fixture.ts';

test('R-X3 sign-in over a connection that fell silent ends, and somebody who comes again gets in', async () => {
  const scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  const database = openDatabase(scratch.url);
  const relay = await startRelay(scratch.url);
  const log = createLog('silent', process.stderr);
  const masterKeys = onlyKey({ id: 'test', key: randomBytes(32) });
  const network = guardedNetwork('loopback');
  const options = { database, masterKeys, network, publicUrl: 'http://127.0.0.1', log };
  const auth = await openAuth({ url: relay.url, patienceMs: 1_000, ...options });
  onTestFinished(async () => {
    relay.close();
    await auth.close();
    await database.close();
    await scratch.drop();
  });
  const tenant = await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme Shipping'));
  const key = await auth.keys.create(tenant, { name: 'ERP', scope: { role: 'viewer' } });

  const ask = () => auth.authenticate({ 'x-api-key': key });

  relay.fallSilent();
  await expect(ask()).rejects.toSatisfy(asksToComeAgain);
  let identity: Caller | undefined;
  // More than one connection may have been open.
  while (!identity) identity = await ask().catch(() => undefined);
  expect(identity).toMatchObject({ tenant, user: null, by: 'key' });
}, 30_000);
