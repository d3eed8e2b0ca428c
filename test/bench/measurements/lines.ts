import { withMillrace } from '../systems/with-millrace.ts';
import { type Bench, measureCell } from './cell.ts';

const sizes = [10, 100, 1000, 10_000];
const quickSizes = sizes.slice(0, 3);
/** An order of so many lines takes seconds, and a figure takes more than a handful. */
const manyLines = 10_000;

/** What longer orders cost, alone. */
export async function measureLines(bench: Bench): Promise<void> {
  await withMillrace(bench, 'bench_lines', {}, async (millrace) => {
    for (const [index, size] of (bench.quick ? quickSizes : sizes).entries()) {
      const longer = size >= manyLines ? 3 : 1;
      const plan = { series: 'lines' as const, size, inFlight: 1, flow: 'send', lines: size, longer };
      await measureCell(bench, millrace, { ...plan, fresh: index === 0 });
    }
  });
}
