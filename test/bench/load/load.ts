/**
 * The process that makes load: senders, and the receiver of what the flows deliver. Apart from the bench, so that its
 * processor time is nobody's. Its plan is its only argument; what it has to tell goes to its parent.
 */
import { once } from 'node:events';
import { drive } from './drive.ts';
import { listenForEndings } from './endings.ts';
import type { LoadMessage, LoadPlan } from './protocol.ts';
import { startSink } from './sink.ts';

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
// When all is told, and when the bench breaks off.
process.on('disconnect', () => process.exit());
const tell = (message: LoadMessage) => process.send?.(message);

const sink = startSink(plan.sinkPort, plan.target.ack);
await once(sink, 'listening');
const { ended } = plan.target;
const endings = ended === 'answer' ? undefined : await listenForEndings(ended);
tell({ kind: 'figures', figures: await drive(plan, endings, (kind) => tell({ kind })) });
endings?.close();
process.disconnect();
