import { sql } from 'kysely';
import { removeChannel } from '../alerts/channels.ts';
import { noteChange } from '../audit/note-change.ts';
import { noteOutcome } from '../connections/health.ts';
import type { Tx } from '../database.ts';
import { dropGrant } from '../oauth2/grants.ts';
import type { SealedPlace } from './sealed-rows.ts';

/** Something of a tenant that is sealed under a master key. */
export interface LostSecret {
  readonly place: SealedPlace;
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly environment: string | null;
}

/** What of these tenants is sealed under the key. */
export async function sealedUnder(tx: Tx, keyId: string): Promise<LostSecret[]> {
  const { rows } = await sql<LostSecret>`
    select 'connection' as place, id, name, environment from millrace.connection where key_id = ${keyId}
    union all
    select 'grant', connection.id, name, environment
    from millrace.connection_grant as held join millrace.connection on connection.id = connection_id
    where held.key_id = ${keyId}
    union all
    select 'channel', id, name, null from millrace.alert_channel where key_id = ${keyId}
    union all
    select 'singleSignOn', tenant_id, issuer, null from millrace.single_sign_on where key_id = ${keyId}
    order by place, environment, name`.execute(tx);
  return rows;
}

/** Gives one up, with an entry in the audit. A secret that is there no more is nobody's to give up. */
export function giveUpSecret(tx: Tx, tenant: string, secret: LostSecret, keyId: string): Promise<void> {
  return ways[secret.place](tx, tenant, secret, keyId);
}

type Way = (tx: Tx, tenant: string, secret: LostSecret, keyId: string) => Promise<void>;

const ways: Readonly<Record<SealedPlace, Way>> = {
  async connection(tx, tenant, { id, name, environment }, keyId) {
    await sql`
      update millrace.connection set secret = null, wrapped_key = null, key_id = null, previous_until = null,
        lost_key = ${keyId}, proved_at = null, revision = revision + 1, updated_at = millrace.now()
      where id = ${id}`.execute(tx);
    await noteGivenUp(tx, { tenant, environment, action: 'connections.edit', target: `connections/${id}` }, keyId);
    const message = `The secrets of “${name}” were given up with a master key that was lost; enter them again.`;
    const code = 'CONNECTION_SECRET_NEEDED';
    await noteOutcome(tx, { connection: id, kind: 'test', ok: false, category: 'auth', code, message, times: 1 });
  },
  async grant(tx, tenant, { id, environment }, keyId) {
    await dropGrant(tx, id);
    await noteGivenUp(
      tx,
      { tenant, environment, action: 'connections.edit', target: `connections/${id}/grant` },
      keyId,
    );
  },
  async channel(tx, _tenant, { id }) {
    await removeChannel(tx, id);
  },
  async singleSignOn(tx, tenant, _secret, keyId) {
    await sql`
      update millrace.single_sign_on set secret = null, wrapped_key = null, key_id = null
      where tenant_id = ${tenant}`.execute(tx);
    const about = { tenant, environment: null, action: 'sign-in.edit', target: 'sign-in/single-sign-on' } as const;
    await noteGivenUp(tx, about, keyId);
  },
};

interface About {
  readonly tenant: string;
  readonly environment: string | null;
  readonly action: 'connections.edit' | 'sign-in.edit';
  readonly target: string;
}

function noteGivenUp(tx: Tx, { environment, ...about }: About, keyId: string): Promise<void> {
  const values = { before: { secrets: '[hidden]' }, after: { secrets: null, givenUpWithKey: keyId } };
  return noteChange(tx, { ...about, ...(environment !== null && { environment }), ...values });
}
