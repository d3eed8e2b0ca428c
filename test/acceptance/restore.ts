/**
 * `npm run acceptance:restore`: an instance with flows, a connection with its secret, and runs that wait for their
 * acknowledgements is dumped while it works, and brought to new machines: to one with its master keys, where everything goes
 * on; and to one whose keys are lost, which is refused, harms nothing, and works when they are given up. Needs `pg_dump` and
 * `pg_restore` of PostgreSQL 18.
 */
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { call, deploy } from './parts/api.ts';
import { compareBooks, untilAtRest } from './parts/books.ts';
import { dump, dumpHolds, dumpingImpossible, restore } from './parts/dump.ts';
import { insist } from './parts/insist.ts';
import { type Instance, openInstance } from './parts/instance.ts';
import { type Accepted, acknowledge, sendOrders } from './parts/orders.ts';
import { type Receiver, startReceiver } from './parts/receiver.ts';
import { type Outcome, tellOutcomes } from './parts/verdict.ts';

const [waiting, further] = [20, 5];
const flow = 'guarded-order';
const token = `canary-${randomBytes(18).toString('hex')}`;

const impossible = dumpingImpossible();
if (impossible !== undefined) {
  console.log(impossible);
  process.exit(1);
}
const instances: Instance[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  process.exitCode = tellOutcomes(await run());
} finally {
  for (const instance of instances) await instance.remove();
}
process.exit();

async function run(): Promise<Outcome[]> {
  const origin = await opened();
  await origin.start();
  const receiver = await startReceiver({
    file: join(origin.home, 'arrivals.jsonl'),
    token,
    answerAfterMs: () => 0,
    onArrival: () => undefined,
  });
  const connection = await connect(origin, receiver);
  await deploy(origin, flow, { connections: { receiver: connection } });
  const accepted = await send(origin, waiting);
  await untilWaiting(origin, waiting);
  const [file, found] = [await dump(origin), await dumpHolds(origin, [token])];
  await origin.killAll();
  const outcomes = [
    {
      what: 'a dump in clear holds no secret',
      seen: found.length === 0 ? 'the canary is not in it' : 'it holds the canary',
      holds: found.length === 0,
    },
    ...(await withKeys({ origin, receiver, file, accepted, connection })),
    ...(await withoutKeys({ origin, receiver, file, accepted, connection })),
  ];
  await receiver.close();
  return outcomes;
}

interface Backup {
  readonly origin: Instance;
  readonly receiver: Receiver;
  readonly file: string;
  /** Orders that were accepted before. */
  readonly accepted: readonly Accepted[];
  /** Id of the connection. */
  readonly connection: string;
}

/** Database and keys on another machine. */
async function withKeys(backup: Backup): Promise<Outcome[]> {
  const machine = await restored(backup);
  mkdirSync(keyFile(machine, '..'), { recursive: true });
  copyFileSync(keyFile(backup.origin), keyFile(machine));
  await machine.start();
  const tested = await test(machine, backup.connection);
  const accepted = [...backup.accepted, ...(await finish(machine, backup))];
  return [
    { what: 'with the keys: the connection opens', seen: tested.message, holds: tested.ok },
    ...(await compare(machine, backup, accepted, 'with the keys')),
  ];
}

/** The database alone. */
async function withoutKeys(backup: Backup): Promise<Outcome[]> {
  const machine = await restored(backup);
  const refused = await machine.millrace('serve');
  const listed = await machine.millrace('keys', 'list');
  const [lost = ''] = listed.stdout.split('\t');
  const plan = await machine.millrace('keys', 'give-up', lost, '--plan');
  const again = await machine.millrace('serve');
  const noKeyYet = !existsSync(keyFile(machine));
  const given = await insist('no process of the dump counts as alive', async () => {
    const ended = await machine.millrace('keys', 'give-up', lost);
    return ended.stderr.startsWith('INSTANCE_RUNS') ? undefined : ended;
  });
  await machine.start();
  const { status, needsSecrets } = await call<Shown>(machine, 'GET', `/connections/${backup.connection}`);
  const failed = await send(machine, 1);
  const letters = await untilFailed(machine);
  await call(machine, 'PUT', `/connections/${backup.connection}`, { config: configFor(backup.receiver) });
  await call(machine, 'POST', '/dead-letters/redrive', { runs: failed.map(({ run }) => run) });
  await untilWaiting(machine, waiting + 1);
  for (const { id } of failed) await acknowledge(machine, id);
  const accepted = [...backup.accepted, ...failed, ...(await finish(machine, backup))];
  return [
    {
      what: 'without the keys: refused, and nothing is made',
      seen: refused.stderr.trim().slice(0, 120),
      holds:
        [refused, again].every(({ code, stderr }) => code === 1 && stderr.startsWith('MASTER_KEY_MISSING')) && noKeyYet,
    },
    {
      what: 'what goes with the keys is told first',
      seen: plan.stdout.trim().split('\n').join(' | '),
      holds: plan.code === 0 && plan.stdout.includes('nothing was changed'),
    },
    {
      what: 'given up, it starts; the connection needs its secret anew',
      seen: `${given.stdout.trim().split('\n').at(-1)} The connection is ${status}.`,
      holds: given.code === 0 && status === 'inactive' && needsSecrets,
    },
    {
      what: 'an order meanwhile waits for somebody, and goes on when the secret is entered',
      seen: letters.join(', '),
      holds: letters.join() === 'CONNECTION_SECRET_NEEDED',
    },
    ...(await compare(machine, backup, accepted, 'without the keys')),
  ];
}

interface Shown {
  readonly status: string;
  readonly needsSecrets: boolean;
}

/** Acknowledges what was waiting when the dump was made, and a few orders that come after it. */
async function finish(machine: Instance, { accepted }: Backup): Promise<Accepted[]> {
  for (const { id } of accepted) await acknowledge(machine, id);
  const more = await send(machine, further);
  await untilWaiting(machine, further);
  for (const { id } of more) await acknowledge(machine, id);
  await untilAtRest(machine);
  return more;
}

async function compare(
  machine: Instance,
  { receiver }: Backup,
  accepted: readonly Accepted[],
  when: string,
): Promise<Outcome[]> {
  const orders = new Set(accepted.map(({ id }) => id));
  const arrivals = receiver.arrivals().filter(({ order }) => orders.has(order));
  const outcomes = await compareBooks(machine, { flow, accepted, arrivals });
  return outcomes.map((outcome) => ({ ...outcome, what: `${when}: ${outcome.what}` }));
}

async function opened(plan: Parameters<typeof openInstance>[0] = {}): Promise<Instance> {
  const instance = await openInstance(plan);
  instances.push(instance);
  return instance;
}

/** A new machine with the database of another one. */
async function restored({ origin, file }: Backup): Promise<Instance> {
  const machine = await opened({ key: origin.key });
  await restore(machine, file);
  return machine;
}

function keyFile({ home }: Instance, ...more: readonly string[]): string {
  return join(home, '.millrace', 'master.key', ...more);
}

function configFor({ url }: Receiver): object {
  return { baseUrl: new URL(url).origin, auth: 'bearer', token };
}

async function connect(api: Instance, receiver: Receiver): Promise<string> {
  const connection = { name: 'Receiver', type: 'core/http', config: configFor(receiver) };
  return (await call<{ id: string }>(api, 'POST', '/connections', connection)).id;
}

function test(api: Instance, connection: string): Promise<{ ok: boolean; message: string }> {
  return call(api, 'POST', `/connections/${connection}/test`);
}

async function send({ url }: Instance, count: number): Promise<Accepted[]> {
  return (await sendOrders({ hook: `${url}/hooks/acceptance/orders`, count, atOnce: 4, pauseMs: 0 })).accepted;
}

async function untilWaiting(api: Instance, count: number): Promise<void> {
  await insist(`${count} runs wait`, async () => {
    const { runs } = await call<{ runs: readonly object[] }>(api, 'GET', '/runs?status=waiting&limit=200');
    return runs.length === count ? true : undefined;
  });
}

/** Codes of the errors for which runs wait for somebody. */
function untilFailed(api: Instance): Promise<string[]> {
  return insist('a run has failed', async () => {
    const { runs } = await call<{ runs: readonly { error: { code: string } }[] }>(api, 'GET', '/runs?status=failed');
    return runs.length > 0 ? runs.map(({ error }) => error.code) : undefined;
  });
}
