import { availableParallelism } from 'node:os';
import { ExactNumber } from '@millrace/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packed, unpacked } from './message.ts';
import { readInThread } from './read-in-thread.ts';

const readers = import.meta.resolve('./readers.fixture.ts');
const inThread = (name: string, ...given: (string | number)[]) =>
  readInThread({ module: readers, name }, 'acme', ...given);

test('a document is read as it would be here, to the last digit', async () => {
  const text = '{"a": [1, 9007199254740993, {"b": 0.10000000000000000001}], "__proto__": 12345678901234567890}';
  expect(await inThread('read', text, 2)).toEqual(Array(2).fill(JSON.parse(text, exactly)));
});

/** Independent of the reader's own way. */
function exactly(_key: string, value: unknown, { source = '' }: { source?: string } = {}): unknown {
  return typeof value === 'number' && String(value) !== source ? new ExactNumber(source) : value;
}

test('what refuses a document there says here what and where', async () => {
  await expect(inThread('refuse', 'x')).rejects.toMatchObject({
    code: 'REFUSED',
    message: '“x” is refused.',
    category: 'server',
    options: { pointer: '/a', details: { line: 1 } },
  });
});

test('what breaks there breaks here in the same way', async () => {
  await expect(inThread('read', '{')).rejects.toBeInstanceOf(SyntaxError);
});

test('a document that takes all memory takes that of its thread, and the next one is read', async () => {
  await expect(inThread('hoard')).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' });
  expect(await inThread('read', '1')).toEqual([1]);
}, 60_000);

test('this process goes on meanwhile, however many documents wait', async () => {
  const over: string[] = [];
  const document = async () => {
    await inThread('read', `[${'1234567890123456789,'.repeat(100_000)}1]`);
    over.push('document');
  };
  const turns = async () => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    over.push('turns');
  };
  await Promise.all([document(), document(), document(), turns()]);
  expect(over).toEqual(['turns', 'document', 'document', 'document']);
});

test('a tenant’s document does not wait for all those of another', async () => {
  const over: string[] = [];
  const document = async (tenant: string) => {
    await readInThread({ module: readers, name: 'read' }, tenant, '1');
    over.push(tenant);
  };
  const many = Array.from({ length: 4 * availableParallelism() }, () => document('many'));
  await Promise.all([...many, document('one')]);
  expect(over.indexOf('one')).toBeLessThan(over.length / 2);
}, 60_000);

test('the thread has nothing of the environment, apart from the place of Node’s own cache', async () => {
  process.env.MILLRACE_SECRET = 'canary';
  const names = await inThread('environment');
  expect((names as string[]).filter((name) => name !== 'NODE_COMPILE_CACHE')).toEqual([]);
});

test('data comes out of a message as it went in', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.bigInt(), (value, digits) => {
      const data = { value, list: [new ExactNumber(String(digits))] } as never;
      expect(unpacked(structuredClone(packed(data)))).toEqual(data);
      expect(unpacked(structuredClone(packed(new ExactNumber('1'))))).toEqual(new ExactNumber('1'));
    }),
  );
});
