import { withMillrace } from '../systems/with-millrace.ts';
import { type Bench, measureCell } from './cell.ts';

const counts = [1, 2, 4];
const inFlights = [1, 16, 64];

/** Server processes over one database, with the load spread over them. */
export async function measureProcesses(bench: Bench): Promise<void> {
  for (const processes of counts)
    await withMillrace(bench, 'bench_processes', { processes }, async (millrace) => {
      for (const [index, inFlight] of inFlights.entries()) {
        const plan = { series: 'processes' as const, size: processes, inFlight, flow: 'ack' };
        await measureCell(bench, millrace, { ...plan, fresh: index === 0 });
      }
    });
}
