import { type ConnectionRow, markProved } from '../postgres/connections/connections.ts';
import { type Tested, type TestServices, tryConnection } from './try-connection.ts';

/** Tests a connection with what it holds; where that is good, flows use it from then on. */
export async function prove(services: TestServices, row: ConnectionRow): Promise<Tested> {
  const tested = await tryConnection(services, row);
  if (tested.ok) await services.database.asTenants([row.tenant], (tx) => markProved(tx, row));
  return tested;
}
