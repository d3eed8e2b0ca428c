import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process with its own process group, which ends with this one whatever happens. */
export interface OwnProcess {
  readonly pid: number;
  hasEnded(): boolean;
  /** Resolves with the signal that ended it, or null. */
  readonly ended: Promise<NodeJS.Signals | null>;
  signal(signal: NodeJS.Signals): void;
  /** Kills it and whatever it has started, and waits. */
  end(): Promise<void>;
}

export function spawnOwn(command: string, args: readonly string[], options: SpawnOptions): OwnProcess {
  const child = spawn(command, args, { ...options, detached: true });
  const pid = child.pid as number;
  const killGroup = (): void => signalIfThere(-pid, 'SIGKILL');
  process.once('exit', killGroup);
  const ended = endOf(child).finally(() => {
    killGroup();
    process.removeListener('exit', killGroup);
  });
  return {
    pid,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended,
    signal: (signal) => signalIfThere(pid, signal),
    async end() {
      killGroup();
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<NodeJS.Signals | null> {
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
