import { Readable } from 'node:stream';

type Translate = (thrown: unknown) => unknown;

/** Hands content to a storage. What the content itself fails with is thrown as it is, the storage's failure translated. */
export async function storing(
  content: Uint8Array | AsyncIterable<Uint8Array>,
  store: (content: AsyncIterable<Uint8Array>) => Promise<void>,
  translate: Translate,
): Promise<void> {
  let failure: { readonly thrown: unknown } | undefined;
  const chunks = (content instanceof Uint8Array ? oneChunk(content) : content)[Symbol.asyncIterator]();
  // Not a generator: a storage that gives up throws into one, which would look as if the content had failed.
  const observed: AsyncIterator<Uint8Array> = {
    next: () =>
      chunks.next().catch((thrown: unknown) => {
        failure = { thrown };
        throw thrown;
      }),
    return: async () => (await chunks.return?.()) ?? { done: true, value: undefined },
  };
  try {
    await store({ [Symbol.asyncIterator]: () => observed });
  } catch (thrown) {
    throw failure ? failure.thrown : translate(thrown);
  }
}

async function* oneChunk(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** The stream with its failures translated. Destroying the one closes the other, read or not. */
export function reading(stream: Readable, translate: Translate): Readable {
  const translated = Readable.from(
    (async function* () {
      try {
        yield* stream;
      } catch (thrown) {
        throw translate(thrown);
      }
    })(),
    { objectMode: false },
  );
  return translated.once('close', () => stream.destroy());
}
