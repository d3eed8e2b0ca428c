import type { Fault, FaultContext, Finding } from '../fault.ts';
import { sendSignal, startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import { type Installation, runFile } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

const patienceMs = 60_000;

/**
 * T9: acknowledgements that come too early, twice, fifty at once, late, for somebody else, or not fit to be understood.
 * Commits are slow, so that early means every moment before, during and after the wait is opened.
 */
export const acknowledgements: Fault = {
  id: 'T9',
  title: 'acks early, twice, at once, late, foreign, malformed',
  run: (context) =>
    withInstallation(context, { env: { MILLRACE_LEASE: '20s' } }, (installation) => acknowledge(context, installation)),
};

async function acknowledge(context: FaultContext, installation: Installation): Promise<Finding> {
  const { random, long, database } = context;
  await database.asSuperuser(installation.name, (client) => runFile(client, 'slow-commits.sql'));
  await installation.receiver.behave('slow', { delayMs: 500 });
  const count = long ? 400 : 60;
  const early = startAcknowledging(installation, random, {
    stage: 'send',
    times: 2,
    delayMs: () => random.between(0, 200),
  });
  // While the other branch is busy, the acknowledgement comes by another server than the one that holds the run.
  const beside = startAcknowledging(installation, random, { stage: 'slow', delayMs: () => random.between(250, 650) });
  const orders = (
    await Promise.all([
      sendOrders(installation, random, { flow: 'order', count, atOnce: 12 }),
      sendOrders(installation, random, { flow: 'pair', count, atOnce: 12 }),
    ])
  ).flat();
  await untilAtRest(installation, patienceMs);
  await Promise.all([early.stop(), beside.stop()]);
  const storm = await stormOfAcks(context, installation);
  const malformed = await malformedAck(context, installation);
  const odd = await oddSignals(context, installation, orders[0]?.id ?? '');
  const all = [...orders, ...storm.orders, ...malformed.orders];
  const { problems, succeeded, repeats } = await audit(installation, all);
  return {
    problems: [...problems, ...storm.problems, ...malformed.problems, ...odd],
    facts: `${all.length} orders, ${succeeded} succeeded, ${repeats} raw repeats`,
  };
}

/** Fifty different answers to one order in the same moment: one is taken, the others are seen to have come too late. */
async function stormOfAcks({ random }: FaultContext, installation: Installation) {
  const orders = await sendOrders(installation, random, { flow: 'order', count: 1 });
  const key = orders[0]?.id ?? '';
  await Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      sendSignal(installation, random, { key, payload: { erp_order_id: `SO-${number}` } }),
    ),
  );
  await untilAtRest(installation, patienceMs);
  const states = await installation.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from millrace.signal where key = $1 group by state',
    [key],
  );
  const of = (state: string) => states.find((row) => row.state === state)?.count ?? 0;
  const stored = states.reduce((sum, { count }) => sum + count, 0);
  return {
    orders,
    problems: [
      ...(of('accepted') === 1 ? [] : [`of fifty acks at once ${of('accepted')} were accepted`]),
      ...(stored === 50 ? [] : [`of fifty acks ${stored} can be seen`]),
    ],
  };
}

/** Signals that must change nothing, each with the state that it must end in. */
async function oddSignals({ random }: FaultContext, installation: Installation, ended: string): Promise<string[]> {
  const good = { erp_order_id: 'SO-late' };
  const cases = [
    { what: 'late', signal: { key: ended, payload: good }, expected: 'late' },
    { what: 'late and repeated', signal: { key: ended, payload: good }, expected: 'duplicate' },
    { what: 'foreign', signal: { key: 'D-of-somebody-else', payload: good }, expected: 'kept' },
    { what: 'on another channel', signal: { key: ended, payload: good, channel: 'other' }, expected: 'kept' },
    { what: 'without a key', signal: { key: '', payload: good }, expected: 'refused with 400' },
  ];
  const problems: string[] = [];
  for (const { what, signal, expected } of cases) {
    const state = await sendSignal(installation, random, signal);
    if (state !== expected) problems.push(`an ack that was ${what} became “${state}” in place of “${expected}”`);
  }
  return problems;
}

/** What the flow's check refuses leaves the wait open for the right one. */
async function malformedAck({ random }: FaultContext, installation: Installation) {
  const fields = { expiresAfter: 'PT1H' };
  const orders = await sendOrders(installation, random, { flow: 'deadline', count: 1, fields });
  const key = orders[0]?.id ?? '';
  // What comes before the wait is offered to it, and refused as well.
  await sendSignal(installation, random, { key, payload: { says: 'yes' } });
  await sendSignal(installation, random, { key, payload: { erp_order_id: 'SO-1' } });
  await untilAtRest(installation, patienceMs);
  const rows = await installation.query<{ state: string }>(
    'select state from millrace.signal where key = $1 order by id',
    [key],
  );
  const states = rows.map(({ state }) => state).join(', ');
  const problems = states === 'rejected, accepted' ? [] : [`a malformed ack and a good one became ${states}`];
  return { orders, problems };
}
