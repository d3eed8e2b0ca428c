import { afterAll, afterEach, beforeAll, describe, expect, vi } from 'vitest';
import { hasBrowser, type Studio, skippedWithout, startStudio } from '../browser/studio.fixture.ts';
import { brokenExpression } from './stories/broken-expression.ts';
import { failingEndpoint } from './stories/failing-endpoint.ts';
import { fiftyFailedRuns } from './stories/fifty-failed-runs.ts';
import { manyRuns } from './stories/many-runs.ts';
import { mapping } from './stories/mapping.ts';
import { missingConnection } from './stories/missing-connection.ts';
import { orphanAck } from './stories/orphan-ack.ts';
import { serverKilled } from './stories/server-killed.ts';
import { settingUp } from './stories/setting-up.ts';
import { usedBy, ways } from './ways.ts';

// Each is what takes a person minutes.
vi.setConfig({ testTimeout: 180_000 });

/** Stories that share an instance, since each start of one costs as much as a story; the last one kills it. */
describe.skipIf(!hasBrowser).each(ways)(`by what people do, by $way, in a real browser${skippedWithout}`, (way) => {
  let studio: Studio;
  beforeAll(async () => {
    studio = usedBy(way, await startStudio({ apart: true }));
  });
  afterAll(() => studio?.stop());
  afterEach(async () => {
    await studio.leave();
    expect(studio.faults).toEqual([]);
  });

  const once = way.way === 'mouse';
  if (once) settingUp(() => studio);
  mapping(() => studio, way);
  fiftyFailedRuns(() => studio);
  brokenExpression(() => studio);
  failingEndpoint(() => studio);
  missingConnection(() => studio);
  orphanAck(() => studio);
  if (once) manyRuns(() => studio);
  serverKilled(() => studio);
});
