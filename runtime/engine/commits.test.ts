import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { noMetrics } from '../metrics/metrics.ts';
import type { BurstWrites } from '../postgres/commit/burst-writes.ts';
import { createCommits } from './commits.ts';
import { type EngineFixture, startFixture } from './engine.fixture.ts';
import { createKeysInUse } from './keys-in-use.ts';
import { Owed } from './owed.ts';
import { nothingStored } from './stored-writes.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await startFixture({ nodes: [] });
});
afterAll(() => fixture.stop());

/** Of a run that somebody else holds, so that nothing is written. */
function burstWith(text: string): BurstWrites {
  const owed = new Owed();
  owed.step({ key: 'a', node: 'a', status: 'done', attempts: 1, startedAt: '2026-01-01T00:00:00Z', output: text });
  return {
    run: randomUUID(),
    tenant: fixture.tenant.id,
    environment: 'production',
    flowId: 'test',
    parent: null,
    token: 1,
    revision: 0,
    wakeSeen: 0,
    next: 'continue',
    lease: { holder: randomUUID(), ms: 10_000 },
    ...owed.writes(),
    ...nothingStored,
  };
}

test('R-X3 bursts share a transaction up to a size that memory bears', async () => {
  const together: number[] = [];
  const metrics = { ...noMetrics, committed: (bursts: number) => void together.push(bursts) };
  const commits = createCommits(fixture.foundation.database, metrics, createKeysInUse(), () => undefined);
  const mebibytes = 'x'.repeat(2_000_000);
  const texts = ['alone', ...Array.from({ length: 6 }, () => mebibytes), 'x'.repeat(20_000_000), 'the last'];
  const committed = await Promise.all(texts.map((text) => commits.add(burstWith(text))));
  expect(committed.map(({ outcome }) => outcome)).toEqual(texts.map(() => 'stale'));
  // The small last one goes with the first that leave room for it; one that is too large for company goes by itself.
  expect(together).toEqual([1, 5, 2, 1]);
});
