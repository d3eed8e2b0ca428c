import { expect, test } from 'vitest';
import { loadAtRate } from './at-rate.ts';

test('every request is sent once, in order, and only those behind the warm-up count', async () => {
  const sent: number[] = [];
  const looks: string[] = [];
  const figures = await loadAtRate(
    { perSecond: 200, warmUpSeconds: 0.1, seconds: 0.2, send: async (number) => void sent.push(number) },
    {
      begun: async () => void looks.push(`begun ${sent.length}`),
      ended: async () => void looks.push(`ended ${sent.length}`),
    },
  );
  expect(sent).toEqual(Array.from({ length: 60 }, (_, number) => number));
  expect(looks).toEqual(['begun 20', 'ended 60']);
  expect(figures).toMatchObject({ flows: 40, failed: 0 });
});

test('what fails is counted and told', async () => {
  const send = (number: number) => (number === 3 ? Promise.reject(new Error('refused')) : Promise.resolve());
  const watch = { begun: async () => undefined, ended: async () => undefined };
  const figures = await loadAtRate({ perSecond: 100, warmUpSeconds: 0, seconds: 0.1, send }, watch);
  expect(figures).toMatchObject({ flows: 9, failed: 1, complaint: 'Error: refused' });
});
