import { readdirSync } from 'node:fs';
import { type OpenSsh, opensshMissing, startOpenSsh } from '@millrace/testing/openssh';
import { type Attack, heldUnless, notTried, type Verdict } from '../attack.ts';
import { type SharedFolder, shareFolder } from '../target/folder.ts';
import type { Target } from '../target/target.ts';

const oddServer = 'packages/file-exchange/src/sftp/odd-server.test.ts';

/** An attack by a real OpenSSH server, with a shared folder on it. */
function attack(
  number: number,
  title: string,
  work: (shared: SharedFolder, server: OpenSsh, target: Target) => Promise<Verdict>,
): Attack {
  return {
    number,
    title,
    async try(targets) {
      const missing = opensshMissing();
      if (missing !== undefined) return notTried(missing);
      const target = await targets.usual();
      const server = await startOpenSsh();
      try {
        const { host, port, username, privateKey, root: path, hostKeyFingerprint: hostKey } = server;
        const config = { kind: 'sftp', host, port, username, privateKey, path, hostKey };
        return await work(await shareFolder(target, `sftp-${number}`, config), server, target);
      } finally {
        await server.stop();
      }
    },
  };
}

async function changedHostKey({ put, connection }: SharedFolder, server: OpenSsh, target: Target): Promise<Verdict> {
  const before = await put('before.txt', 'x');
  await server.rotateHostKey();
  const after = await put('after.txt', 'x');
  const { json: tested } = await target.call('POST', `/connections/${connection}/test`, {});
  const problems = before.status === 'succeeded' ? [] : [`with the right key the run ${before.status} ${before.code}`];
  if (after.code !== 'HOST_KEY_CHANGED') problems.push(`with another key the run ${after.status} ${after.code}`);
  if (tested?.ok !== false) problems.push('“Test connection” is content');
  if (readdirSync(server.root).join() !== 'before.txt') problems.push('something was sent');
  return heldUnless(problems, 'HOST_KEY_CHANGED, nothing sent');
}

async function targetExists({ put, get }: SharedFolder): Promise<Verdict> {
  const ended = [await put('same.txt', 'first'), await put('same.txt', 'second')];
  const refused = (await get('same.txt')).output?.text;
  const replaced = await put('same.txt', 'third', { ifExists: 'replace' });
  const now = (await get('same.txt')).output?.text;
  const said = [...ended.map(({ status, code }) => `${status} ${code}`.trim()), refused, replaced.status, now].join(
    ', ',
  );
  const wanted = 'succeeded, failed FILE_EXISTS, first, succeeded, third';
  return heldUnless(said === wanted ? [] : [said], 'refused or replaced, as asked');
}

export const sftp: readonly Attack[] = [
  attack(63, 'a changed host key', changedHostKey),
  {
    number: 64,
    title: 'cut in mid-upload',
    tests: [{ file: 'node-library/dropzone/put/sftp.test.ts', name: /killed in mid-upload/ }],
  },
  { number: 65, title: 'a partial remote read', tests: [{ file: oddServer, name: /\(65\)/ }] },
  {
    number: 66,
    title: 'a full disk',
    tests: [{ file: 'packages/file-exchange/src/folder/disk-full.test.ts', name: /\(66\)/ }],
  },
  attack(67, 'the target of a rename exists', targetExists),
  { number: 68, title: 'a server that falls silent', tests: [{ file: oddServer, name: /\(68\)/ }] },
];
