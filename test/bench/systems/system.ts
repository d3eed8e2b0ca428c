import type { Target } from '../load/protocol.ts';

export type SystemName = 'Millrace' | 'DBOS Transact' | 'Node-RED';

/** A system under test, running. */
export interface RunningSystem {
  readonly name: SystemName;
  /** Where to send load for a flow; nothing where the system has no such flow. */
  target(flow: string): Target | undefined;
  /** Processes whose time, with that of all below them, is the system's; the database's are counted apart. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}
