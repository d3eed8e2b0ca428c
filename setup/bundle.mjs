/**
 * Bundles a program into a folder beside others of its kind, by Node 24: to find and link two thousand modules takes most of
 * the time of a short command. What is many small modules goes in; other packages stay where they are. Arguments: the folder,
 * the program's name, its source from the root.
 */
import { join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './place.mjs';

const [folder = '', name = '', source = ''] = process.argv.slice(2);
const inside = /^(@millrace\/|typebox(\/|$)|kysely(\/|$)|[./])/;

const bundle = await rolldown({
  input: { [name]: join(root, source) },
  platform: 'node',
  external: (id) => !inside.test(id),
  plugins: [{ name: 'places', transform: (code, id) => ({ code: fromItsSource(code, id), map: null }) }],
});
await bundle.write({
  dir: folder,
  format: 'esm',
  sourcemap: true,
  entryFileNames: '[name].mjs',
  chunkFileNames: '[name]-[hash].mjs',
  banner: 'process.setSourceMapsEnabled(true);',
});

/** Files that the code looks for lie beside its source, and programs and threads that it starts are run from there. */
function fromItsSource(code, id) {
  return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(relative(folder, id))}, import.meta.url).href`);
}
