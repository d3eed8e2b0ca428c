import { randomBytes } from 'node:crypto';
import { createDatabase } from '@millrace/testing';
import { betterAuth } from 'better-auth';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { guardedNetwork } from '../engine/guarded-fetch.ts';
import { createLog } from '../log.ts';
import { openDatabase } from '../postgres/database.ts';
import { migrate } from '../postgres/migrate.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';
import { onlyKey } from '../secrets/master-keys.ts';
import { openAuth } from './auth.ts';
import { betterAuthOptions } from './better-auth.ts';
import { requireUnknown } from './unknown-key.ts';

test('only a key that there is not is unknown; whoever shows another is to come again', async () => {
  const scratch = await createDatabase({ prepare: migrate, template: 'millrace' });
  const database = openDatabase(scratch.url);
  const masterKeys = onlyKey({ id: 'test', key: randomBytes(32) });
  const options = { masterKeys, publicUrl: 'http://127.0.0.1:7400', log: createLog('silent', process.stderr) };
  const own = await openAuth({ url: scratch.url, database, network: guardedNetwork('loopback'), ...options });
  const pool = new pg.Pool({ connectionString: scratch.url });
  onTestFinished(async () => {
    await pool.end();
    await own.close();
    await database.close();
    await scratch.drop();
  });
  const auth = betterAuth(betterAuthOptions({ pool, ...options }));
  const tenant = await database.asScanner((tx) => ensureTenant(tx, 'acme', 'Acme Shipping'));
  const key = await own.keys.create(tenant, { name: 'ERP', scope: { role: 'viewer' } });
  await expect(requireUnknown(auth, key)).rejects.toMatchObject({ code: 'KEY_NOT_CHECKED', category: 'transient' });
  await requireUnknown(auth, `${key}x`);
});
