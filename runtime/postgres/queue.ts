import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { type Db, PgBoss } from 'pg-boss';
import type { Tx } from './database.ts';
import { migrationLock } from './migrate.ts';

/** A run that somebody should look at. */
export interface WakeUp {
  readonly run: string;
  readonly tenant: string;
}

/** pg-boss, for the one thing it is needed for: waking somebody up. What is to be done stands in the run's row. */
export interface Queue {
  /** Enqueues wake-ups in the caller's transaction. */
  wake(tx: Tx, wakeUps: readonly WakeUp[]): Promise<void>;
  /** Handles wake-ups until `stop`; a handler that finds nothing to do simply returns. */
  work(handle: (wakeUp: WakeUp) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

const queueName = 'wake';

export async function openQueue(url: string, onError: (error: Error) => void): Promise<Queue> {
  const boss = new PgBoss({ connectionString: url, application_name: 'millrace queue', max: 4, useListenNotify: true });
  boss.on('error', onError);
  await boss.start();
  await boss.createQueue(queueName, { notify: true, retryLimit: 5, deleteAfterSeconds: 3600 });
  await grantToApplication(url);

  return {
    async wake(tx, wakeUps) {
      if (wakeUps.length === 0) return;
      const jobs = wakeUps.map((data) => ({ data }));
      await boss.insert(queueName, jobs, { db: inTransaction(tx) });
    },
    async work(handle) {
      // Single jobs with several at a time, since a batch would wait for its slowest run.
      await boss.work<WakeUp>(
        queueName,
        { localConcurrency: 8, pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 0.5 },
        async (jobs) => {
          for (const job of jobs) await handle(job.data);
        },
      );
    },
    stop: () => boss.stop({ graceful: true, timeout: 5000 }),
  };
}

function inTransaction(tx: Tx): Db {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: pg-boss types its rows so
    executeSql: (text, values = []) => tx.executeQuery<any>(CompiledQuery.raw(text, values)),
  };
}

/** Wake-ups are inserted by the application's roles, inside the transactions that cause them. */
async function grantToApplication(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Two processes that grant at once would trip over each other.
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query('grant usage on schema pgboss to millrace_app, millrace_scan');
    await client.query(
      'grant select, insert, update, delete on all tables in schema pgboss to millrace_app, millrace_scan',
    );
    await client.query('grant execute on all functions in schema pgboss to millrace_app, millrace_scan');
  } finally {
    await client.end();
  }
}
