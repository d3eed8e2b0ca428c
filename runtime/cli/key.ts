import type { Command } from 'commander';
import { openAuth } from '../auth/auth.ts';
import { loadConfig } from '../config/load.ts';
import { createLog } from '../log.ts';
import { ensureTenant } from '../postgres/tenants/tenants.ts';

/** `millrace key create`: an API key, shown this once. */
export function addKey(program: Command): void {
  program
    .command('key')
    .description('keys for the API')
    .command('create')
    .description('make an API key for a tenant; it is shown this once and stored hashed')
    .option('--tenant <slug>', 'whose key it is', 'demo')
    .option('--name <name>', 'what it is for', 'command line')
    .action(async ({ tenant: slug, name }: { tenant: string; name: string }) => {
      const { openInstance } = await import('../main.ts');
      const config = loadConfig(process.env, process.cwd());
      const log = createLog('error', process.stderr);
      const instance = await openInstance({ config, log });
      const { database, masterKeys } = instance.foundation;
      const auth = await openAuth({
        url: instance.url,
        database,
        masterKey: masterKeys.current(),
        publicUrl: 'http://127.0.0.1',
        log,
      });
      try {
        const tenant = await database.asScanner((tx) => ensureTenant(tx, slug, slug));
        console.log(await auth.createApiKey(tenant, name));
      } finally {
        await auth.close();
        await instance.close();
      }
    });
}
