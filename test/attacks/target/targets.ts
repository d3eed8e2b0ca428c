import { type DatabaseServer, startDatabaseServer } from '../../faults/parts/database-server.ts';
import { openTarget, type Target } from './target.ts';

const rebindingNames = new URL('./rebinding-names.ts', import.meta.url).href;

/** The instances that are attacked; each is started when the first attack needs it. */
export interface Targets {
  /** As it is delivered: flows may call this machine, no other private address. */
  usual(): Promise<Target>;
  /** Flows may call no private address at all. */
  strict(): Promise<Target>;
  /** As the usual one, with names that lead elsewhere when they are looked up again: to the address inside. */
  rebinding(inside: string): Promise<Target>;
  /** Those that have been started. */
  serving(): readonly Target[];
  /** Why one of them does not serve any more; undefined where all do. */
  trouble(): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function openTargets(): Promise<Targets> {
  const database = await startDatabaseServer();
  const opened = new Map<string, Promise<Target>>();
  const serving: Target[] = [];
  const once = (name: string, open: () => Promise<Target>) => {
    const target = opened.get(name) ?? start(open);
    opened.set(name, target);
    return target;
  };
  const start = async (open: () => Promise<Target>) => {
    const target = await open();
    serving.push(target);
    return target;
  };
  return {
    usual: () => once('usual', () => open(database, 'usual', { MILLRACE_LOG_LEVEL: 'debug' })),
    strict: () => once('strict', () => open(database, 'strict', { MILLRACE_ALLOW_PRIVATE_ADDRESSES: 'none' })),
    rebinding: (inside) =>
      once('rebinding', () =>
        open(database, 'rebinding', { NODE_OPTIONS: `--import ${rebindingNames}`, ATTACKS_INSIDE: inside }),
      ),
    serving: () => serving,
    async trouble() {
      for (const target of serving) {
        const trouble = await target.trouble();
        if (trouble !== undefined) return trouble;
      }
      return undefined;
    },
    async close() {
      await Promise.allSettled([...opened.values()].map(async (target) => (await target).close()));
      await database.stop();
    },
  };
}

function open(database: DatabaseServer, name: string, env: Readonly<Record<string, string>>): Promise<Target> {
  return openTarget({ database, name: `attacks_${name}`, env });
}
