import { expect, test } from 'vitest';
import { openLoop } from './open-loop.ts';

test('everything is sent once, in order, and only what is behind the warm-up counts', async () => {
  const sent: number[] = [];
  const looks: string[] = [];
  const figures = await openLoop(
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
  const figures = await openLoop({ perSecond: 100, warmUpSeconds: 0, seconds: 0.1, send });
  expect(figures).toMatchObject({ flows: 9, failed: 1, complaint: 'Error: refused' });
});

test('it goes on until something else is over, and waits for what was sent', async () => {
  const [sent, ended]: [number[], number[]] = [[], []];
  const send = async (number: number) => {
    sent.push(number);
    await new Promise(setImmediate);
    ended.push(number);
  };
  const isOver = () => sent.length === 5;
  const figures = await openLoop({ perSecond: 500, warmUpSeconds: 0, seconds: { isOver }, send });
  expect(ended).toEqual([0, 1, 2, 3, 4]);
  expect(figures.flows).toBe(5);
});
