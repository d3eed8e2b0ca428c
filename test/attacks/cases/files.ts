import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../faults/parts/until.ts';
import { type Attack, heldUnless, notTried, type Verdict } from '../attack.ts';
import { ensureFlow, run } from '../target/flows.ts';
import { runsOf, type SharedFolder, withFolder } from '../target/folder.ts';
import type { Ended, Target } from '../target/target.ts';

const exchangeTests = 'packages/file-exchange/src/file-exchange.test.ts';
const refusedName = 'INVALID_FILE_NAME';

type InFolder = (shared: SharedFolder, root: string, outside: string, target: Target) => Promise<Verdict>;

/** An attack on a local shared folder of its own. */
function attack(number: number, title: string, work: InFolder, tests: NonNullable<Attack['tests']> = []): Attack {
  return {
    number,
    title,
    tests,
    async try(targets) {
      const target = await targets.usual();
      return withFolder(target, `files-${number}`, (...places) => work(...places, target));
    },
  };
}

/** Files by these names must be refused, and nothing may appear outside the shared folder. */
function refusesNames(names: readonly string[]): InFolder {
  return async (shared, root, outside) => {
    const ended = await Promise.all(names.map((name) => shared.put(name, 'evil')));
    const problems = ended.flatMap(({ status, code }, n) =>
      status === 'failed' && code === refusedName ? [] : [`${JSON.stringify(names[n])} ended ${status} ${code}`],
    );
    const strays = [...readdirSync(outside), ...readdirSync(dirname(root)), ...readdirSync(root)].filter(
      (name) => name !== 'shared' && name !== 'root',
    );
    return heldUnless(
      [...problems, ...strays.map((name) => `${name} appeared`)],
      `${names.length} names, ${refusedName}`,
    );
  };
}

const climbing: InFolder = async (shared, root, outside, target) => {
  const names = ['../x', '../../x', 'a/../../x', '..\\x', 'a\\..\\..\\x', '..'];
  const refused = await refusesNames(names)(shared, root, outside, target);
  if (refused.kind !== 'held') return refused;
  const encoded = await shared.put('%2e%2e%2fencoded', 'x');
  const folder = await shared.put('x', 'evil', { folder: '../..' });
  const strays = [...readdirSync(outside), ...readdirSync(dirname(root))].filter(
    (name) => !/^(shared|root)$/.test(name),
  );
  const problems = strays.map((name) => `${name} appeared outside`);
  if (folder.status !== 'failed') problems.push('a folder that leads out is taken');
  return heldUnless(problems, `${names.length} names and a folder are refused; encoded: ${encoded.status}`);
};

const absolute: InFolder = async (shared, root, outside, target) => {
  const aim = join(outside, 'absolute');
  const names = await refusesNames([aim, `file://${aim}`, 'C:\\x'])(shared, root, outside, target);
  const folder = await shared.put('x', 'evil', { folder: outside });
  const problems = folder.status === 'failed' ? [] : [`an absolute folder ended ${folder.status}`];
  if (existsSync(join(outside, 'x'))) problems.push('a file appeared outside');
  return names.kind === 'held' ? heldUnless(problems, `${names.how}, an absolute folder too`) : names;
};

/** A name that is a file and a link to another one in turn, while it is read again and again. */
const swapping: InFolder = async (shared, root, outside) => {
  writeFileSync(join(outside, 'secret'), 'canary-54');
  symlinkSync(join(outside), join(root, 'linked'));
  const over = new AbortController();
  const swap = async () => {
    while (!over.signal.aborted) {
      symlinkSync(join(outside, 'secret'), join(root, 'next'));
      renameSync(join(root, 'next'), join(root, 'doc'));
      await sleep(1);
      writeFileSync(join(root, 'next'), 'harmless');
      renameSync(join(root, 'next'), join(root, 'doc'));
      await sleep(1);
    }
  };
  const swapped = swap();
  const reads: Ended[] = [];
  const sawBoth = () => ['succeeded', 'failed'].every((wanted) => reads.some(({ status }) => status === wanted));
  await until('some reads meet the file, and some the link', 60_000, async () => {
    reads.push(...(await Promise.all(Array.from({ length: 20 }, () => shared.get('doc')))));
    return reads.length >= 60 && sawBoth();
  }).finally(() => {
    over.abort();
    return swapped;
  });
  const through = await shared.put('written', 'evil', { folder: 'linked' });
  const read = await shared.get('secret', 'linked');
  const problems = [...reads, read].filter(({ text }) => text.includes('canary-54')).map(() => 'a link was followed');
  if (existsSync(join(outside, 'written'))) problems.push('a file was written through a link');
  const refused = reads.filter(({ status }) => status === 'failed').length;
  return heldUnless(
    problems,
    `${reads.length} reads while it is swapped, ${refused} refused; a linked folder: ${through.code}`,
  );
};

const nul: InFolder = async (shared, root, _outside, target) => {
  const sent = await target.call('POST', '/flows/none/run', { payload: { name: 'a\u0000b' } });
  const config = { name: '{% $decodeUrlComponent("a%00.txt") %}', content: 'evil' };
  const node = { type: 'files/put', config, connection: 'folder', retry: { attempts: 1 } };
  const slots = { connections: { folder: { type: 'files/folder-or-sftp' } } };
  const flow = { id: 'files-nul', nodes: [{ type: 'core/manual' }, node], ...slots };
  await ensureFlow(target, flow, { folder: shared.connection });
  const ended = await run(target, 'files-nul', {});
  const problems = sent.json?.error?.code === 'TEXT_NOT_STORABLE' ? [] : [`data with NUL was answered ${sent.text}`];
  if (ended.status !== 'failed') problems.push(`a computed NUL ended ${ended.status}`);
  if (readdirSync(root).length > 0) problems.push('a file appeared');
  return heldUnless(problems, `TEXT_NOT_STORABLE; computed: ${ended.code}`);
};

const twins: InFolder = async (shared, root) => {
  const [composed, decomposed] = ['Auftrag-für-Käthe.txt', 'Auftrag-für-Käthe.txt'.normalize('NFD')];
  const first = await shared.put(composed, 'first');
  const again = await shared.put(decomposed, 'second');
  const files = readdirSync(root);
  const problems = files.length === 1 ? [] : [`there are ${files.length} files`];
  if (first.status !== 'succeeded' || again.status !== 'failed') problems.push(`${first.status}, then ${again.status}`);
  return heldUnless(problems, `one file; the second: ${again.code}`);
};

/** Waits until the watch has taken so many files; answers their runs. */
async function taken(target: Target, flow: string, count: number): Promise<Ended[]> {
  await until(`${count} files are taken`, 30_000, async () => (await runsOf(target, flow)).length >= count, 200);
  return Promise.all((await runsOf(target, flow)).map((run) => target.endOf(run)));
}

const beingWritten: InFolder = async (shared, root, _outside, target) => {
  mkdirSync(join(root, 'inbox'));
  const flow = await shared.watch('text');
  const problems: string[] = [];
  for (let piece = 0; piece < 12; piece++) {
    appendFileSync(join(root, 'inbox', 'growing.txt'), `piece ${piece}\n`);
    await sleep(500);
    if (piece < 11 && (await runsOf(target, flow)).length > 0) problems.push(`taken after piece ${piece}`);
  }
  const [only] = await taken(target, flow, 1);
  if (!only?.output?.text?.endsWith('piece 11\n')) problems.push('it was not taken whole');
  return heldUnless(problems, 'a piece every 0.5 s for 6 s; taken once, whole');
};

const sameName: InFolder = async (shared, root, _outside, target) => {
  mkdirSync(join(root, 'inbox'));
  const flow = await shared.watch('text');
  for (const [index, content] of ['one', 'two'].entries()) {
    writeFileSync(join(root, 'inbox', 'same.txt'), content);
    await taken(target, flow, index + 1);
    await until('it is put away', 30_000, () => !existsSync(join(root, 'inbox', 'same.txt')));
  }
  const contents = (await taken(target, flow, 2)).map(({ output }) => output?.text).sort();
  await until('both are kept', 10_000, () => readdirSync(join(root, 'inbox', 'archive')).length === 2);
  return heldUnless(
    contents.join() === 'one,two' ? [] : [`the runs had ${contents.join()}`],
    'two runs, both files kept',
  );
};

const noFile: InFolder = async (shared, root, outside, target) => {
  const inbox = join(root, 'inbox');
  mkdirSync(join(inbox, 'folder.txt'), { recursive: true });
  execFileSync('mkfifo', [join(inbox, 'pipe.txt')]);
  writeFileSync(join(outside, 'secret'), 'canary-60');
  symlinkSync(join(outside, 'secret'), join(inbox, 'link.txt'));
  writeFileSync(join(inbox, 'proper.txt'), 'proper');
  const flow = await shared.watch('text');
  const runs = await taken(target, flow, 1);
  const asked = await Promise.all(['pipe.txt', 'folder.txt', 'link.txt'].map((name) => shared.get(name, 'inbox')));
  const problems = runs.length === 1 && runs[0]?.output?.text === 'proper' ? [] : [`${runs.length} runs`];
  for (const { status, code } of asked) if (code !== 'NOT_A_FILE') problems.push(`a read ended ${status} ${code}`);
  return heldUnless(problems, 'left alone, the file beside them is taken; a read says NOT_A_FILE');
};

const large: InFolder = async (shared, root, _outside, target) => {
  const inbox = join(root, 'inbox');
  mkdirSync(inbox);
  for (const [name, megabytes] of [
    ['fits.bin', 100],
    ['too-large.bin', 5_000],
  ] as const) {
    writeFileSync(join(inbox, name), '');
    truncateSync(join(inbox, name), megabytes * 1_000_000);
  }
  const flow = await shared.watch('file');
  const runs = await taken(target, flow, 1);
  const errors = join(inbox, 'error');
  await until('the larger one is refused', 60_000, () => existsSync(errors) && readdirSync(errors).length === 2, 200);
  const problems = runs.length === 1 && runs[0]?.output?.file?.bytes === 100_000_000 ? [] : [`${runs.length} runs`];
  if (!existsSync(join(errors, 'too-large.bin'))) problems.push('the larger one did not go to “error”');
  return heldUnless(problems, '100 MB by reference; 5 GB, over the limit of 256 MB, is put aside');
};

export const files: readonly Attack[] = [
  attack(52, '../, encoded, backslash', climbing, [{ file: exchangeTests, name: /\(52\)/ }]),
  attack(53, 'absolute names', absolute),
  attack(54, 'a link swapped in', swapping, [{ file: exchangeTests, name: /54/ }]),
  attack(55, 'NUL in a name', nul),
  attack(56, 'CON, a trailing dot', refusesNames(['CON', 'con.txt', 'LPT1', 'x.', 'x ', '.hidden'])),
  attack(57, 'NFC and NFD twins', twins, [{ file: exchangeTests, name: /\(57\)/ }]),
  attack(58, 'a file still being written', beingWritten),
  attack(59, 'the same name, new content', sameName),
  attack(60, 'a folder, a pipe, a link', noFile),
  attack(61, 'a large file', large, [{ file: exchangeTests, name: /\(61\)/ }]),
  {
    number: 62,
    title: 'zip slip and zip bomb',
    try: async () => notTried('nothing of the system unpacks archives'),
  },
];
