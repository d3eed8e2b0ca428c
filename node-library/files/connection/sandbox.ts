import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import {
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type Sandbox,
  type SandboxOptions,
  writeJson,
} from '@millrace/contract';
import { confinedFolder } from '@millrace/file-exchange';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';

const strict = { additionalProperties: false };

/**
 * Acts of a flow test's script, one key naming each:
 * - `{"put": {"name": "inbox/a.csv", "text": "…"}}` or `{"put": {"name": …, "body": …}}`: a file, raw or as JSON
 * - `{"remove": "inbox/a.csv"}`
 * - `{"down": true}` takes the folder away, `{"down": false}` brings it back
 */
const Act = Type.Union([
  Type.Object({ put: Type.Object({ name: Type.String(), text: Type.String() }, strict) }, strict),
  Type.Object({ put: Type.Object({ name: Type.String(), body: Type.Unknown() }, strict) }, strict),
  Type.Object({ remove: Type.String() }, strict),
  Type.Object({ down: Type.Boolean() }, strict),
]);
type Act = Static<typeof Act>;

/** What lies there from the beginning, for examples that read. */
const sample = { name: 'samples/stock.csv', text: 'sku;quantity\nA-1;40\n' };

/** The other system's side of a shared folder, played by a script; see {@link Act}. State: text of every file by its path. */
export async function filesSandbox({ folder }: Pick<SandboxOptions, 'folder'>): Promise<Sandbox> {
  const root = join(folder, 'files');
  const away = `${root}.away`;
  let down = false;
  await lay(root, sample.name, sample.text);

  async function takeDown(wanted: boolean): Promise<void> {
    if (wanted === down) return;
    await (wanted ? rename(root, away) : rename(away, root));
    down = wanted;
  }
  return {
    config: { kind: 'folder', path: root },
    async act(json) {
      const act = checkedAct(json);
      if ('down' in act) return takeDown(act.down);
      const present = down ? away : root;
      if ('remove' in act) return rm(join(present, confinedFolder(act.remove, '/remove')), { force: true });
      return lay(present, act.put.name, 'text' in act.put ? act.put.text : writeJson(act.put.body as Json, 2));
    },
    state: () => textsIn(down ? away : root),
    stop: () => takeDown(false),
  };
}

function checkedAct(json: Json): Act {
  if (isObject(json) && Value.Check(Act, json)) return json;
  const message = `The sandbox of files does not know the act ${writeJson(json)}; it knows put, remove and down.`;
  throw new MillraceError('UNKNOWN_ACT', message);
}

/** Writes a file as a careful system does: under a temporary name, then renamed, as if it had lain there a minute. */
async function lay(root: string, name: string, text: string): Promise<void> {
  const path = join(root, confinedFolder(name, '/put/name'));
  const longAgo = new Date(Date.now() - 60_000);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, text);
  await utimes(`${path}.tmp`, longAgo, longAgo);
  await rename(`${path}.tmp`, path);
}

async function textsIn(root: string): Promise<JsonObject> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = paths
    .sort()
    .map(async (path) => [relative(root, path).replaceAll(sep, '/'), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(texts)) as JsonObject;
}
