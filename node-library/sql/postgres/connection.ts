import { brokenOff, defineConnection, type Network, type ProbeResult } from '@millrace/contract';
import { postgresSandbox } from '../sandbox/sandbox.ts';
import { PostgresConfig } from './config.ts';
import { postgresFromText } from './from-text.ts';
import { withSession } from './session.ts';

export default defineConnection({
  id: 'sql/postgres',
  title: 'PostgreSQL',
  summary: 'A PostgreSQL database of another system.',
  config: PostgresConfig,
  fromText: postgresFromText,
  probe,
  sandbox: postgresSandbox,
});

async function probe(config: PostgresConfig, signal: AbortSignal, network: Network): Promise<ProbeResult> {
  try {
    const { rows } = await withSession(config, { signal, network }, ({ run }) =>
      run("select current_setting('server_version') as v"),
    );
    return { ok: true, message: `PostgreSQL ${rows[0]?.v} answered, and the login was accepted.` };
  } catch (thrown) {
    return brokenOff(thrown);
  }
}
