import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadFigures, LoadMessage, LoadPlan } from './protocol.ts';

const program = fileURLToPath(new URL('./load.ts', import.meta.url));

/** What is looked at when counting begins and when it ends. */
export interface Watch {
  begun(): Promise<void>;
  ended(): Promise<void>;
}

/** Puts a system under load in a process of its own. @throws where the load's process breaks off */
export async function runLoad(plan: LoadPlan, watch?: Watch): Promise<LoadFigures> {
  const child = fork(program, [JSON.stringify(plan)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const looks: Promise<void>[] = [];
  let figures: LoadFigures | undefined;
  child.on('message', (message: LoadMessage) => {
    if (message.kind === 'figures') figures = message.figures;
    else if (watch) looks.push(watch[message.kind]());
  });
  await once(child, 'exit');
  await Promise.all(looks);
  if (!figures) throw new Error('The process that makes load has broken off.');
  return figures;
}
