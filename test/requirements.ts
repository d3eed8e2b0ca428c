/** `npm run requirements`: the tests of each requirement of docs/requirements.md, by the ids in their names. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const id = /R-[A-Z]\d+/g;

/** Names of tests, in code (`test('…'`) and of flows (`"name": "…"`). */
const names = /(?:\btest(?:\.\w+(?:\([^)]*\))?)*|\bdescribe)\(\s*['"`]([^'"`\n]+)|^\s*"name": "([^"]+)"/gm;

const files = globSync('{packages,node-library,runtime,studio,test,flows}/**/{*.test.ts,tests/*.json}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules'),
});

const found = new Map<string, { file: string; name: string }[]>();
for (const file of files)
  for (const [, inCode, inFlow] of readFileSync(join(root, file), 'utf8').matchAll(names)) {
    const name = inCode ?? inFlow ?? '';
    for (const each of new Set(name.match(id))) found.set(each, [...(found.get(each) ?? []), { file, name }]);
  }

const listed = new Set(readFileSync(join(root, 'docs/requirements.md'), 'utf8').match(id));
for (const requirement of [...new Set([...listed, ...found.keys()])].sort(byNumber)) {
  const tests = found.get(requirement) ?? [];
  console.log(`${requirement}  ${tests.length === 0 ? 'no test' : `${tests.length} tests`}`);
  for (const { file, name } of tests) console.log(`    ${name}  (${file})`);
}
console.log(`\n${[...listed].filter((each) => found.has(each)).length} of ${listed.size} requirements have tests.`);

function byNumber(one: string, other: string): number {
  return one[2] === other[2] ? Number(one.slice(3)) - Number(other.slice(3)) : one < other ? -1 : 1;
}
