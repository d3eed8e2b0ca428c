import { setTimeout as sleep } from 'node:timers/promises';
import { type SimulatedClock, simulateClock } from '../../../runtime/postgres/simulated-clock.ts';
import type { Fault, Finding } from '../fault.ts';
import { audit } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { deploySchedule, type Expected, startedTimes, turnTo, untilFired } from '../parts/schedules.ts';
import { withInstallation } from '../parts/with-installation.ts';

const zone = { timeZone: 'Europe/Stockholm', missed: 'skip', overlap: 'start' } as const;

/**
 * T12: three processes fire schedules while the clock of a zone is put forward and back, all of them are away for half an
 * hour, and the clock of the database is set back. Every time that is due has one run.
 */
export const clockChanges: Fault = {
  id: 'T12',
  title: 'clock changes, schedulers away for half an hour',
  run: (context) => withInstallation(context, { servers: 3 }, turn),
};

async function turn(installation: Installation): Promise<Finding> {
  const clock = await simulateClock(installation.databaseUrl);
  try {
    const expected = [
      ...(await changeNight(installation, clock, spring)),
      ...(await changeNight(installation, clock, autumn)),
      ...(await awayAndSetBack(installation, clock)),
    ];
    const { wrong, orders } = await startedTimes(installation, expected);
    const { problems, repeats } = await audit(installation, orders, { success: 1 });
    const due = expected.reduce((sum, { times }) => sum + times.length, 0);
    return {
      problems: [...wrong, ...problems],
      facts: `${expected.length} schedules, ${orders.length} runs for ${due} times, ${repeats} raw repeats`,
    };
  } finally {
    await clock.close();
  }
}

/** A night in which the clock of Stockholm is changed at 01:00 UTC, seen every half hour. */
interface ChangeNight {
  readonly name: string;
  readonly begin: string;
  readonly halfHours: readonly string[];
  /** When it is 02:30, or would be. */
  readonly halfPastTwo: string;
}

const halfHours = (day: string): string[] =>
  ['00:00', '00:30', '01:00', '01:30', '02:00', '02:30'].map((time) => `${day}T${time}:00.000Z`);

/** From 02:00 to 03:00: half past two comes right after. */
const spring: ChangeNight = {
  name: 'spring',
  begin: '2030-03-30T23:45:00Z',
  halfHours: halfHours('2030-03-31'),
  halfPastTwo: '2030-03-31T01:00:00.000Z',
};
/** From 03:00 to 02:00: half past two comes the first time alone, and each half hour all the same. */
const autumn: ChangeNight = {
  name: 'autumn',
  begin: '2030-10-26T23:45:00Z',
  halfHours: halfHours('2030-10-27'),
  halfPastTwo: '2030-10-27T00:30:00.000Z',
};

async function changeNight(
  installation: Installation,
  clock: SimulatedClock,
  { name, begin, halfHours: times, halfPastTwo }: ChangeNight,
): Promise<Expected[]> {
  const expected = [
    { flow: `${name}-nightly`, times: [halfPastTwo] },
    { flow: `${name}-half-hourly`, times },
  ] as const;
  await clock.advanceTo(new Date(begin));
  await deploySchedule(installation, expected[0].flow, { rule: '30 2 * * *', ...zone });
  await deploySchedule(installation, expected[1].flow, { rule: '*/30 * * * *', ...zone });
  for (const time of times) await turnTo(installation, clock, secondAfter(time));
  for (const { flow } of expected) await installation.api('POST', `/flows/${flow}/pause`, {});
  return [...expected];
}

const noon = (minutes: number): string => new Date(Date.UTC(2030, 9, 28, 12, minutes)).toISOString();
const policies = [
  { missed: 'skip', overlap: 'start', madeUp: [] },
  { missed: 'once', overlap: 'start', madeUp: [5] },
  { missed: 'once', overlap: 'skip', madeUp: [5] },
  { missed: 'all', overlap: 'start', madeUp: [5, 10, 15, 20, 25, 30] },
  { missed: 'all', overlap: 'skip', madeUp: [5, 10, 15, 20, 25, 30] },
] as const;

/** Every five minutes: at 12:00 all is well, until 12:32 all processes are away, and at 12:35 it becomes 11:35 again. */
async function awayAndSetBack(installation: Installation, clock: SimulatedClock): Promise<Expected[]> {
  await clock.advanceTo(new Date(noon(-2)));
  const expected = policies.map(({ missed, overlap, madeUp }) => ({
    flow: `away-${missed}-${overlap}`,
    config: { rule: '*/5 * * * *', timeZone: 'UTC', missed, overlap },
    times: [0, ...madeUp, 35, 40].map(noon),
  }));
  for (const { flow, config } of expected) await deploySchedule(installation, flow, config);
  await turnTo(installation, clock, secondAfter(noon(0)));
  for (const server of installation.servers.slice()) await installation.kill(server);
  await clock.advanceTo(new Date(noon(32)));
  await Promise.all([installation.add(), installation.add(), installation.add()]);
  await untilFired(installation);
  await turnTo(installation, clock, secondAfter(noon(35)));
  await installation.query("update millrace.clock set shift = shift - interval '1 h'");
  // Whatever came a second time would come now.
  await sleep(2_000);
  await turnTo(installation, clock, secondAfter(noon(40)));
  return expected;
}

function secondAfter(instant: string): string {
  return new Date(Date.parse(instant) + 1000).toISOString();
}
