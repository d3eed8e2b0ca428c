import type { TablerIcon } from '@tabler/icons-react';
import { useEffect, useSyncExternalStore } from 'react';

/** Something that the command bar offers. */
export interface Command {
  /** Unique among all that are offered. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** Keys that do the same. */
  readonly keys?: string | undefined;
  readonly icon?: TablerIcon | undefined;
  readonly run: () => void;
}

export interface CommandGroup {
  /** Groups stand in this order. */
  readonly rank: number;
  readonly title: string;
  readonly commands: readonly Command[];
}

let groups: readonly CommandGroup[] = [];
const listeners = new Set<() => void>();

function become(next: readonly CommandGroup[]): void {
  groups = next;
  for (const listener of listeners) listener();
}

/** Offers commands in the command bar for as long as the component lives. */
export function useCommands(group: CommandGroup): void {
  useEffect(() => {
    become([...groups, group].sort((a, b) => a.rank - b.rank));
    return () => become(groups.filter((other) => other !== group));
  }, [group]);
}

export function useOffered(): readonly CommandGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => groups,
  );
}
