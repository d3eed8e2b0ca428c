import { startEmbeddedPostgres } from '@millrace/postgres-server';
import type { Config } from './config/settings.ts';
import { type Database, openDatabase } from './postgres/database.ts';
import { migrate } from './postgres/migrate.ts';

/** The rows of an instance, without what works on them: no master key is needed for it. */
export interface InstanceDatabase {
  /** Address of the database for a login that may change its schema. */
  readonly url: string;
  readonly database: Database;
  close(): Promise<void>;
}

/**
 * Opens the database of an instance (the built-in one where none is configured) and brings its schema up to date.
 * @param tell told what takes a while
 * @param silenceMs as of `openDatabase`: for who holds runs of which others wait
 */
export async function openInstanceDatabase(
  config: Config,
  tell: (line: string) => void,
  silenceMs?: number,
): Promise<InstanceDatabase> {
  const server = config.databaseUrl
    ? { url: config.databaseUrl, stop: async () => undefined }
    : await startEmbeddedPostgres({ home: config.home, log: tell });
  await migrate(server.url);
  const database = openDatabase(server.url, { size: config.databaseConnections, silenceMs });
  return {
    url: server.url,
    database,
    async close() {
      await database.close();
      await server.stop();
    },
  };
}
