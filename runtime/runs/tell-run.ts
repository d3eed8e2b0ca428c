import type { Database } from '../postgres/database.ts';
import { type RunStory, readRun } from './read-run.ts';

/** Tells a run's story as it grows: each call tells what has been added since the one before, and answers the whole. */
export function runTeller(
  database: Database,
  tenant: string,
  run: string,
  tell: (line: string) => void,
): () => Promise<RunStory | undefined> {
  const told = new Set<string>();
  return async () => {
    const story = await database.asTenants([tenant], (tx) => readRun(tx, tenant, run));
    for (const { at, text } of story?.timeline ?? []) {
      const line = `${at.slice(11, 19)}  ${text}`;
      if (!told.has(line)) tell(line);
      told.add(line);
    }
    return story;
  };
}
