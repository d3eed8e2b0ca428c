import type { Fault, FaultContext, Finding } from '../fault.ts';
import { startAcknowledging } from '../parts/acknowledge.ts';
import { audit, untilAtRest } from '../parts/books.ts';
import type { Installation } from '../parts/installation.ts';
import { sendOrders } from '../parts/orders.ts';
import { until } from '../parts/until.ts';
import { withInstallation } from '../parts/with-installation.ts';

/** As the engine has it: whoever has cost so many processes is not tried again. */
const deaths = 5;

/** T14: whoever works on a certain order is killed. The order ends as a dead letter, and its neighbours end well. */
export const workerKiller: Fault = {
  id: 'T14',
  title: 'a run that kills whoever works on it',
  run: (context) =>
    withInstallation(context, { env: { MILLRACE_LEASE: '1500ms' } }, (installation) => haunt(context, installation)),
};

async function haunt({ random, long }: FaultContext, installation: Installation): Promise<Finding> {
  await installation.receiver.behave('first', { hold: true });
  await installation.receiver.behave('send', { delayMs: 300 });
  const acks = startAcknowledging(installation, random, { stage: 'send' });
  const [killer] = await sendOrders(installation, random, { flow: 'relay', count: 1 });
  const run = killer?.run ?? '';
  const plan = { flow: 'order', count: long ? 300 : 60, atOnce: 4, pauseMs: 400 };
  const neighbours = sendOrders(installation, random, plan);
  const kills: Kill[] = [];
  while (kills.length <= 2 * deaths && (await isRunning(installation, run)))
    kills.push(...(await killHolder(installation, run, kills.length + 1)));
  // A process that still wrote what was owed has brought the run on, and the count begins anew.
  const inVain = kills.filter(({ revision }) => revision === kills.at(-1)?.revision).length;
  const orders = await neighbours;
  await untilAtRest(installation, 40_000);
  await acks.stop();
  const { problems, succeeded } = await audit(installation, [...orders, ...(killer ? [killer] : [])]);
  const letters = await installation.query<{ run: string; code: string }>(
    'select run_id as run, code from millrace.dead_letter',
  );
  return {
    problems: [
      ...problems,
      ...ofLetters(letters, run),
      ...(inVain === deaths ? [] : [`it took ${inVain} processes since its last commit, not ${deaths}`]),
    ],
    facts: `${kills.length} processes killed, ${orders.length} neighbours, ${succeeded} succeeded, ${letters.length} dead letter`,
  };
}

async function isRunning({ query }: Installation, run: string): Promise<boolean> {
  return (await query("select from millrace.run where id = $1 and status = 'running'", [run])).length > 0;
}

/** A process that was killed over the run, which had been committed so many times. */
interface Kill {
  readonly revision: number;
}

/** Once the run's write has arrived for the n-th time, its process dies. Nothing where the run has ended before. */
async function killHolder(installation: Installation, run: string, time: number): Promise<Kill[]> {
  const arrivals = () => installation.receiver.effects().filter(({ stage }) => stage === 'first').length;
  await until(
    'the run was tried again',
    30_000,
    async () => arrivals() >= time || !(await isRunning(installation, run)),
  );
  if (arrivals() < time) return [];
  const [{ pid } = { pid: 0 }] = await installation.query<{ pid: number }>(
    'select pid from millrace.process join millrace.run on lease_holder = process.id::text where run.id = $1',
    [run],
  );
  const holder = installation.servers.find((server) => server.pid === pid);
  if (!holder) throw new Error(`Nobody is known who holds run ${run}.`);
  await installation.kill(holder);
  const killed = await installation.query<Kill>('select revision from millrace.run where id = $1', [run]);
  await installation.add();
  return killed;
}

function ofLetters(letters: readonly { run: string; code: string }[], run: string): string[] {
  const told = letters.map((letter) => `${letter.run === run ? 'the killer' : letter.run}: ${letter.code}`).join(', ');
  return told === 'the killer: RUN_KILLS_WORKERS' ? [] : [`dead letters are “${told}”`];
}
