import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { readAgain } from './read-again.ts';

/** A server whose answers come when they are told to, with what is true when they are asked for. */
function slowServer() {
  const answers: (() => void)[] = [];
  let status = 'running';
  const read = () => {
    const seen = status;
    return new Promise<string>((resolve) => {
      answers.push(() => resolve(seen));
    });
  };
  return { read, become: (next: string) => (status = next), answer: () => answers.shift()?.() };
}

async function shown(client: QueryClient, value: string): Promise<void> {
  await expect.poll(() => client.getQueryData(['run', '1'])).toBe(value);
}

test('R-X4 what changes while a run is read for the first time is seen all the same', async () => {
  const client = new QueryClient();
  const server = slowServer();
  const stop = new QueryObserver(client, { queryKey: ['run', '1'], queryFn: server.read }).subscribe(() => undefined);
  server.become('waiting');
  readAgain(client, ['run', '1']);
  server.answer();
  await shown(client, 'running');
  server.answer();
  await shown(client, 'waiting');
  stop();
});

test('R-X4 what is shown already is read anew', async () => {
  const client = new QueryClient();
  const server = slowServer();
  const stop = new QueryObserver(client, { queryKey: ['run', '1'], queryFn: server.read }).subscribe(() => undefined);
  server.answer();
  await shown(client, 'running');
  server.become('waiting');
  readAgain(client, ['run', '1']);
  server.answer();
  await shown(client, 'waiting');
  stop();
});
