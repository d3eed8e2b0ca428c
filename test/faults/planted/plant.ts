/**
 * Loaded into a server by `node --import`: changes the source text of single modules as they are loaded, as
 * `FAULTS_PLANTED` names them. The product's files stay as they are.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { changed, changeNamed } from './apply.ts';

const names = (process.env.FAULTS_PLANTED ?? '').split(',').filter((name) => name !== '');
const planted = names.map(changeNamed);

if (planted.length > 0)
  registerHooks({
    load(url, context, nextLoad) {
      const own = planted.filter(({ file }) => url.endsWith(`/${file}`));
      if (own.length === 0) return nextLoad(url, context);
      const source = own.reduce(changed, readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
