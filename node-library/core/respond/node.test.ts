import { ExactNumber, type RunAnswer } from '@millrace/contract';
import { runNode } from '@millrace/testing/run-node';
import { expect, test } from 'vitest';
import respond from './node.ts';

/** Runs the node; answers what it has answered besides its result. */
async function responded(config: Parameters<typeof respond.run>[1]) {
  const answers: RunAnswer[] = [];
  const unused = () => Promise.reject(new Error('not used'));
  const runs = { call: unused, publish: unused, respond: (answer: RunAnswer) => void answers.push(answer) };
  return { result: await runNode(respond, { id: 'D-1' }, config, { runs }), answers };
}

test('R-X2 the request is answered, and the flow goes on with the same data', async () => {
  const total = new ExactNumber('9007199254740993');
  const { result, answers } = await responded({ status: 201, headers: { 'X-Order': 'D-1' }, body: { total } });
  expect(result).toEqual({ kind: 'emit', port: 'out', data: { id: 'D-1' } });
  expect(answers).toEqual([{ status: 201, headers: { 'X-Order': 'D-1' }, body: { total } }]);
});

test('nothing said is 200 without a body', async () => {
  expect((await responded({})).answers).toEqual([{ status: 200, headers: {}, body: null }]);
});

test.each(['Set-Cookie', 'content-length', 'Transfer-Encoding', 'Content-Security-Policy', 'Service-Worker-Allowed'])(
  'the header %s is not the flow’s',
  async (name) => {
    const { result, answers } = await responded({ headers: { [name]: '1' } });
    expect(result).toMatchObject({ error: { code: 'HEADER_REFUSED', pointer: '/headers' } });
    expect(answers).toEqual([]);
  },
);

test.each([
  ['X-A', 'a\r\nSet-Cookie: b=c'],
  ['X A', 'a'],
  ['X-A', '€'],
])('a header that would be another, or none, is refused: %j', async (name, value) => {
  const { result, answers } = await responded({ headers: { [name]: value } });
  expect(result).toMatchObject({ error: { code: 'HEADER_INVALID' } });
  expect(answers).toEqual([]);
});
