import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection, FoundSignal } from '@millrace/contract';
import { folderPlace, type Place, waysToReach } from '@millrace/file-exchange/places.fixture';
import { openNetwork } from '@millrace/testing/run-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DropzoneConfig } from '../connection/config.ts';
import { ackWatch } from './watch.ts';

const ackName = 'ack_sales_order_4711_20251227T101000Z.json';
const errorName = 'error_sales_order_4711_20251227T101000Z.json';
const acked = JSON.stringify({ status: 'ACKED', erp_order_id: 'SO-1', processed_at: '2025-12-27T10:10:00Z' });
const { signal } = new AbortController();

/** A watched dropzone and what was found in it so far. */
function watched(place: Place) {
  const connection: Connection<DropzoneConfig> = {
    id: place.root,
    name: 'ERP',
    config: place.config,
    network: openNetwork,
  };
  const found: FoundSignal[] = [];
  const store = async (finding: FoundSignal) => void found.push(finding);
  return {
    found,
    poll: (keep: typeof store = store) => ackWatch.poll(connection, keep, signal),
    /** Enough polls for every file that lies still, however it is reached. */
    async pollUntilSettled() {
      for (let poll = 0; poll < 5; poll++) await ackWatch.poll(connection, store, signal);
    },
  };
}

/** Puts a file there that looks as if it had been lying for a minute. */
async function lay(folder: string, name: string, content: string | Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
  await age(join(folder, name));
}

async function age(path: string): Promise<void> {
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(path, aMinuteAgo, aMinuteAgo);
}

for (const { way, missing, reach } of waysToReach) {
  describe.skipIf(missing)(`by ${way}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await reach();
    });
    afterEach(() => place.stop());

    test('R-D4 acks in ack/ and in the dropzone itself are found once and moved to archive/', async () => {
      const { found, pollUntilSettled } = watched(place);
      await lay(join(place.root, 'ack'), ackName, acked);
      await lay(place.root, 'ack_sales_order_4712_20251227T101000Z.json', acked);
      await pollUntilSettled();
      expect(found.map(({ key, source }) => [key, source]).sort()).toEqual([
        ['4711', ackName],
        ['4712', 'ack_sales_order_4712_20251227T101000Z.json'],
      ]);
      expect(await readdir(join(place.root, 'archive'))).toHaveLength(2);
      expect(await readdir(join(place.root, 'ack'))).toEqual([]);
    });

    test('R-D4 a malformed ack is reported with its reason and moved to error/', async () => {
      const { found, pollUntilSettled } = watched(place);
      await lay(place.root, errorName, acked);
      await lay(join(place.root, 'ack'), 'ack_nonsense.json', 'nonsense');
      await pollUntilSettled();
      expect(found.map(({ malformed }) => malformed).sort()).toEqual([
        'The file is not JSON.',
        'The name begins with error_, so “status” must be "FAILED".',
      ]);
      expect((await readdir(join(place.root, 'error'))).sort()).toEqual(['ack_nonsense.json', errorName]);
    });

    test('R-D4 an ack of more than 1 MB is not read to its end, and is malformed', async () => {
      const { found, pollUntilSettled } = watched(place);
      await lay(place.root, ackName, '{');
      await truncate(join(place.root, ackName), 5 * 1024 ** 3);
      await age(join(place.root, ackName));
      await pollUntilSettled();
      expect(found).toMatchObject([{ key: '4711', malformed: expect.stringContaining('larger') }]);
    });

    test('R-D4 links, folders and pipes are neither followed nor read', async () => {
      const { found, pollUntilSettled } = watched(place);
      await lay(place.root, 'secret.json', acked);
      await symlink(join(place.root, 'secret.json'), join(place.root, ackName));
      await mkdir(join(place.root, errorName));
      execFileSync('mkfifo', [join(place.root, 'ack_sales_order_1_20251227T101000Z.json')]);
      await pollUntilSettled();
      expect(found).toEqual([]);
    });

    test('R-D4 a link in the place of ack/ is not followed', async () => {
      const { found, pollUntilSettled } = watched(place);
      await lay(join(place.root, 'elsewhere'), ackName, acked);
      await symlink(join(place.root, 'elsewhere'), join(place.root, 'ack'));
      await pollUntilSettled();
      expect(found).toEqual([]);
    });

    test('R-D4 an ack that cannot be set aside is told once, reported once, and does not hold up the others', async () => {
      const { found, poll } = watched(place);
      await writeFile(join(place.root, 'error'), 'a file where the folder should be');
      await lay(place.root, errorName, acked);
      await lay(place.root, ackName, acked);
      const told: unknown[] = [];
      for (let round = 0; round < 5; round++) await poll().catch((error) => void told.push(error));
      expect(told).toMatchObject([{ code: 'FOLDER_MISSING' }]);
      expect(found.map(({ source }) => source).sort()).toEqual([ackName, errorName]);
      expect(await readdir(join(place.root, 'archive'))).toEqual([ackName]);
    });

    test('R-D4 another ack under the name of one that could not be set aside is reported', async () => {
      const { found, poll, pollUntilSettled } = watched(place);
      await writeFile(join(place.root, 'archive'), 'a file where the folder should be');
      await lay(place.root, ackName, acked);
      for (let round = 0; round < 3; round++) await poll().catch(() => undefined);
      await rename(join(place.root, 'archive'), join(place.root, 'elsewhere'));
      await lay(place.root, ackName, acked.replace('SO-1', 'SO-1000'));
      await pollUntilSettled();
      expect(found.map(({ payload }) => payload)).toMatchObject([
        { erp_order_id: 'SO-1' },
        { erp_order_id: 'SO-1000' },
      ]);
      expect(await readdir(join(place.root, 'archive'))).toEqual([ackName]);
    });

    test('R-D3 temporary files that nobody wrote to for a day are removed, younger and foreign ones are not', async () => {
      const { poll } = watched(place);
      const old = '.order.json.0123456789ab.0badcafe.tmp';
      const young = '.order.json.0123456789ab.deadbeef.tmp';
      await mkdir(join(place.root, 'out'));
      for (const path of [old, `out/${old}`, young, '.foreign.tmp']) await writeFile(join(place.root, path), 'half');
      const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3_600_000);
      for (const path of [old, `out/${old}`, '.foreign.tmp']) {
        await utimes(join(place.root, path), twoDaysAgo, twoDaysAgo);
      }
      await poll();
      expect((await readdir(place.root)).sort()).toEqual(['.foreign.tmp', young, 'out']);
      expect(await readdir(join(place.root, 'out'))).toEqual([]);
    });

    test('R-D4 a missing dropzone fails the poll, and is watched again once it is back', async () => {
      const { found, poll, pollUntilSettled } = watched(place);
      await lay(place.root, ackName, acked);
      await rename(place.root, `${place.root}.away`);
      await expect(poll()).rejects.toMatchObject({ code: 'FOLDER_MISSING', category: 'transient' });
      await rename(`${place.root}.away`, place.root);
      await pollUntilSettled();
      expect(found).toHaveLength(1);
    });
  });
}

describe('a watched folder', () => {
  let place: Place;
  beforeEach(async () => {
    place = await folderPlace();
  });
  afterEach(() => place.stop());

  test('R-D4 a duplicate under the same name has the same fingerprint, other content another', async () => {
    const { found, poll } = watched(place);
    for (const content of [acked, acked, acked.replace('SO-1', 'SO-2')]) {
      await lay(place.root, ackName, content);
      await poll();
    }
    const [first, duplicate, other] = found.map(({ fingerprint }) => fingerprint);
    expect(duplicate).toBe(first);
    expect(other).not.toBe(first);
    expect((await readdir(join(place.root, 'archive'))).sort()).toEqual([
      ackName.replace('.json', '.1.json'),
      ackName.replace('.json', '.2.json'),
      ackName,
    ]);
  });

  test('R-D4 after a crash between storing and moving, the same finding is reported again', async () => {
    const { found, poll } = watched(place);
    await lay(place.root, ackName, acked);
    const crash = async (finding: FoundSignal) => {
      found.push(finding);
      throw new Error('the process died');
    };
    await expect(poll(crash)).rejects.toThrow('the process died');
    await poll();
    expect(found[1]).toEqual(found[0]);
    expect(await readdir(place.root)).toEqual(['archive']);
  });

  test('R-D4 what is not stored stays where it is', async () => {
    const { poll } = watched(place);
    await lay(place.root, ackName, acked);
    await expect(poll(() => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(await readFile(join(place.root, ackName), 'utf8')).toBe(acked);
  });

  test('R-D4 an ack still being written is left alone until it lies still', async () => {
    const { found, poll } = watched(place);
    await writeFile(join(place.root, ackName), acked.slice(0, 20));
    await poll();
    await poll();
    await writeFile(join(place.root, ackName), acked);
    await poll();
    expect(found).toEqual([]);
    await poll();
    expect(found).toMatchObject([{ key: '4711', payload: { erp_order_id: 'SO-1' } }]);
  });

  test('R-D4 half an ack that nobody finishes is malformed in the end', async () => {
    const { found, pollUntilSettled } = watched(place);
    await writeFile(join(place.root, ackName), acked.slice(0, 20));
    await pollUntilSettled();
    expect(found).toMatchObject([{ malformed: 'The file is not JSON.' }]);
  });

  test('R-D4 temporary names and other files are left alone', async () => {
    const { found, poll } = watched(place);
    const names = [`${ackName}.tmp`, `${ackName}.part`, `.${ackName}`, 'error_report.json', 'sales_order_4711_1.json'];
    for (const name of names) await lay(place.root, name, acked);
    await poll();
    expect(found).toEqual([]);
    expect((await readdir(place.root)).sort()).toEqual(names.sort());
  });
});
