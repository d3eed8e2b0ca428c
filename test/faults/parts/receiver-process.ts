import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@millrace/testing/free-port';
import type { Behaviour, Effect } from './effects.ts';
import { spawnOwn } from './own-process.ts';
import { until } from './until.ts';

const program = fileURLToPath(new URL('./receiver.ts', import.meta.url));

export interface Receiver {
  readonly url: string;
  /** Everything that has arrived, in the order in which it did. */
  effects(): readonly Effect[];
  behave(stage: string, behaviour: Behaviour): Promise<void>;
  stop(): Promise<void>;
}

export async function startReceiver(folder: string): Promise<Receiver> {
  const log = join(folder, 'effects.jsonl');
  writeFileSync(log, '');
  const port = await freePort();
  const errors = openSync(join(folder, 'receiver.log'), 'a');
  const child = spawnOwn(process.execPath, [program, String(port), log], { stdio: ['ignore', 'ignore', errors] });
  closeSync(errors);
  const url = `http://127.0.0.1:${port}`;
  const behave = async (stage: string, behaviour: Behaviour): Promise<void> => {
    await fetch(`${url}/behave/${stage}`, { method: 'POST', body: JSON.stringify(behaviour) });
  };
  await until('the receiver answers', 10_000, () =>
    behave('none', {}).then(
      () => true,
      () => false,
    ),
  );
  return { url, behave, effects: reader(log), stop: () => child.end() };
}

/** Lines are read once. */
function reader(file: string): () => readonly Effect[] {
  const effects: Effect[] = [];
  let length = 0;
  return () => {
    const text = readFileSync(file).subarray(length).toString();
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    length += Buffer.byteLength(whole);
    for (const line of whole.split('\n')) if (line !== '') effects.push(JSON.parse(line) as Effect);
    return effects;
  };
}
