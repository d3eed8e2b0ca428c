import type { DatabaseServer } from '../database/server.ts';
import { type MillraceOptions, type RunningMillrace, startMillrace } from './millrace.ts';

interface Place {
  readonly server: DatabaseServer;
  readonly sinkPort: number;
}

/** Millrace over a new database, for as long as `use` takes. */
export async function withMillrace(
  { server, sinkPort }: Place,
  database: string,
  options: Partial<MillraceOptions>,
  use: (millrace: RunningMillrace) => Promise<void>,
): Promise<void> {
  const databaseUrl = await server.createDatabase(database);
  const millrace = await startMillrace({ databaseUrl, sinkPort, ...options });
  try {
    await use(millrace);
  } finally {
    await millrace.stop();
    await server.dropDatabase(database);
  }
}
