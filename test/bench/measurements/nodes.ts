import { withMillrace } from '../systems/with-millrace.ts';
import { chainFlow, chainName } from '../workload/chain.ts';
import { type Bench, measureCell } from './cell.ts';

const sizes = [5, 50, 500];

/** What longer flows cost, alone. */
export async function measureNodes(bench: Bench): Promise<void> {
  const flows = sizes.map(chainFlow);
  await withMillrace(bench, 'bench_nodes', { flows }, async (millrace) => {
    for (const [index, size] of sizes.entries()) {
      const plan = { series: 'nodes' as const, size, inFlight: 1, flow: chainName(size) };
      await measureCell(bench, millrace, { ...plan, fresh: index === 0 });
    }
  });
}
