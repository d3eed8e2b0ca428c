import { Readable } from 'node:stream';
import { MillraceError } from '@millrace/contract';

/** The part of `fetch` that is used. A guarded one (`ctx.fetch`) keeps the storage from addresses it has no business with. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** As the SDK describes the handlers that it takes besides its own, as far as it is used here. */
interface Request {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}
interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** The connection's own headers: fetch sets them, and refuses `expect`. None of them is signed but `host`, which is equal. */
const ofConnection = new Set(['host', 'expect', 'content-length', 'connection', 'transfer-encoding']);

/**
 * Lets the SDK call out by `fetch`.
 * @param timeoutMs longest silence, before the answer and within it
 */
export function fetchHandler(fetch: Fetch, timeoutMs: number) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: Request, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
      const silence = new Silence(timeoutMs);
      const signals = [silence.signal, ...(abortSignal ? [abortSignal] : [])];
      const response = await silence.limit(
        fetch(addressOf(request), {
          method: request.method,
          headers: headersOf(request),
          body: (request.body ?? null) as NonNullable<RequestInit['body']> | null,
          redirect: 'manual',
          signal: AbortSignal.any(signals),
        }),
      );
      return { response: answerOf(response, silence) };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

function answerOf(response: Response, silence: Silence): Answer {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: Readable.from(response.body ? chunks(response.body, silence) : [], { objectMode: false }),
  };
}

async function* chunks(body: ReadableStream<Uint8Array>, silence: Silence): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await silence.limit(reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Aborts what has been silent for too long. */
class Silence {
  readonly #timeoutMs: number;
  readonly #controller = new AbortController();

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async limit<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(silent(this.#timeoutMs)), this.#timeoutMs);
    return answer.finally(() => clearTimeout(timer));
  }
}

function silent(timeoutMs: number): MillraceError {
  const message = `The object store has been silent for ${timeoutMs / 1000} seconds.`;
  return new MillraceError('STORE_UNAVAILABLE', message, { category: 'transient' });
}

function addressOf({ protocol, hostname, port, path, query = {} }: Request): string {
  const host = port ? `${hostname}:${port}` : hostname;
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => pairOf(name, one)));
  return `${protocol}//${host}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}

function pairOf(name: string, value: string | null): string {
  return value === null ? encoded(name) : `${encoded(name)}=${encoded(value)}`;
}

/** RFC 3986, as it was signed. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Bytes are wanted as they are stored, not packed for the way. */
function headersOf({ headers }: Request): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => !ofConnection.has(name.toLowerCase()));
  return { 'accept-encoding': 'identity', ...Object.fromEntries(kept) };
}
