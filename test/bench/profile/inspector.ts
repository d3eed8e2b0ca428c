/** A node of V8's profile: one place on one call stack. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** What V8's sampling profiler hands out. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Id of the node that each sample found. */
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** The profiler of a process that was started with `--inspect`. */
export interface Profiler {
  start(): Promise<void>;
  stop(): Promise<CpuProfile>;
  close(): void;
}

/** @param words what the process has written to standard error, where Node names the inspector's address */
export async function connectProfiler(words: string): Promise<Profiler> {
  const address = /ws:\/\/\S+/.exec(words)?.[0];
  if (!address) throw new Error('The process names no address of an inspector.');
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error(`The inspector at ${address} does not answer.`)));
  });
  const ask = asker(socket);
  await ask('Profiler.enable');

  return {
    async start() {
      await ask('Profiler.start');
    },
    stop: async () => (await ask('Profiler.stop')).profile as CpuProfile,
    close: () => socket.close(),
  };
}

type Answer = Readonly<Record<string, unknown>>;

function asker(socket: WebSocket): (method: string) => Promise<Answer> {
  const asked = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id: number; result: Answer };
    asked.get(id)?.(result);
    asked.delete(id);
  });
  return (method) =>
    new Promise((resolve) => {
      asked.set(++last, resolve);
      socket.send(JSON.stringify({ id: last, method }));
    });
}
