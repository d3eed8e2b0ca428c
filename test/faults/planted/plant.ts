/**
 * Loaded into a server by `node --import`: changes the source text of single modules as they are loaded, as
 * `FAULTS_PLANTED` names them. The product's files stay as they are.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Change, changes } from './changes.ts';

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

function changeNamed(name: string): Change {
  const change = changes[name];
  if (!change) throw new Error(`There is no change “${name}” to plant; there are ${Object.keys(changes).join(', ')}.`);
  return change;
}

/** @throws where the text is not there, so that a change of the product cannot make a plant empty */
function changed(source: string, { file, from, to }: Change): string {
  if (!source.includes(from)) throw new Error(`In ${file} there is no “${from}” any more.`);
  return source.replaceAll(from, () => to);
}
