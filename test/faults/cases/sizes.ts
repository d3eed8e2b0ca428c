import type { Fault, FaultContext, Finding } from '../fault.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { withInstallation } from '../parts/with-installation.ts';

/** Rows of history that a run may leave, however long it is. */
const mostRows = 3_000;

/** T15: too large an order is refused with a clear error; a large one and a long loop pass, with a bounded history. */
export const sizes: Fault = {
  id: 'T15',
  title: 'large payloads and a long loop',
  run: (context) => withInstallation(context, { servers: 1 }, (installation) => enlarge(context, installation)),
};

async function enlarge({ random }: FaultContext, installation: Installation): Promise<Finding> {
  const fields = { expiresAfter: 'PT1S', note: 'x'.repeat(9_500_000) };
  const large = await sendOrders(installation, random, { flow: 'deadline', count: 1, fields });
  const long = await sendOrders(installation, random, { flow: 'count', count: 1, fields: { passes: 50_000 } });
  await untilAtRest(installation, 180_000);
  const history = 'select count(*)::int as count from millrace.step where run_id = $1';
  const rows = await installation.count(history, [long[0]?.run]);
  const { problems, succeeded } = await audit(installation, [...large, ...long]);
  const left = await leftOvers(installation);
  return {
    problems: [
      ...problems,
      ...left,
      ...(await refusesTooLarge(installation)),
      ...(rows > mostRows ? [`a loop of 50,000 passes left ${rows} rows of history`] : []),
    ],
    facts: `${succeeded} of 2 runs succeeded, ${rows} rows of history after 50,000 passes`,
  };
}

/** What a loop keeps while it runs is gone when it is over. */
async function leftOvers({ count }: Installation): Promise<string[]> {
  const rows = await count(
    'select (select count(*) from millrace.pass)::int + (select count(*) from millrace.pass_result)::int as count',
  );
  return rows > 0 ? [`${rows} rows of passes are left behind`] : [];
}

/** @returns what is wrong with the answer to an order of seventeen million characters */
async function refusesTooLarge({ servers }: Installation): Promise<string[]> {
  const answer = await fetch(`${servers[0]?.url}/hooks/faults/faults/order`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'D-large', lines: [], note: 'x'.repeat(17_000_000) }),
  });
  const text = await answer.text();
  return answer.status === 413 && text.includes('PAYLOAD_TOO_LARGE')
    ? []
    : [`too large an order was answered ${answer.status}: ${text.slice(0, 200)}`];
}
