import { PgBoss } from 'pg-boss';
import { rateOf } from './rate.ts';

const clients = 16;
const queue = 'bench';

/** A job sent, fetched and completed, by 16 at once. Fetched rather than worked: `work` would add its pauses. */
export async function countJobs(url: string, seconds: number): Promise<number> {
  const boss = new PgBoss({ connectionString: url, max: clients, schedule: false, supervise: false });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  try {
    await boss.createQueue(queue);
    return await rateOf(clients, seconds, async () => {
      await boss.send(queue, { run: 'a run' });
      const [job] = await boss.fetch(queue);
      if (job) await boss.complete(queue, job.id);
    });
  } finally {
    await boss.stop({ graceful: false });
  }
}
