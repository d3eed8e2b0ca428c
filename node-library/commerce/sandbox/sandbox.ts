import { type Json, MillraceError, type Sandbox, type SandboxOptions, writeJson } from '@millrace/contract';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { login, SandboxErp } from './erp.ts';
import { Fault } from './faults.ts';

const strict = { additionalProperties: false };
const named = <T extends string>(act: T) => ({ act: Type.Literal(act) });

/**
 * Acts of a flow test's script:
 * - `{"act": "down"}` and `{"act": "up"}`: nobody answers, and somebody does again with everything in the books
 * - `{"act": "fail", "status", "retryAfter"?, "times"?}`, `{"act": "lose-answer", "times"?}`, `{"act": "slow", "ms", "times"?}`
 * - `{"act": "stock", "levels": {"<sku>": quantity}}`: from then on no other SKUs are known
 * - `{"act": "repeats", "are": "same-answer" | "conflict"}`: how what came before is answered
 * - `{"act": "login", "accepted": true | false}`
 * - `{"act": "endpoint", "path", "there": true | false}`
 * - `{"act": "snapshot", "as": "json" | "csv"}`
 * - `{"act": "listen", "url", "secret"}` and `{"act": "deliver"}`: where webhooks go, and sending what is due; with
 *   `"early": true` what waits for another attempt as well
 */
const Act = Type.Union([
  Fault,
  Type.Object(named('down'), strict),
  Type.Object(named('up'), strict),
  Type.Object({ ...named('stock'), levels: Type.Record(Type.String(), Type.Unknown()) }, strict),
  Type.Object({ ...named('repeats'), are: Type.Enum(['same-answer', 'conflict']) }, strict),
  Type.Object({ ...named('login'), accepted: Type.Boolean() }, strict),
  Type.Object({ ...named('endpoint'), path: Type.String(), there: Type.Boolean() }, strict),
  Type.Object({ ...named('snapshot'), as: Type.Enum(['json', 'csv']) }, strict),
  Type.Object({ ...named('listen'), url: Type.String(), secret: Type.String() }, strict),
  Type.Object({ ...named('deliver'), early: Type.Optional(Type.Boolean()) }, strict),
]);
type Act = Static<typeof Act>;

/** The acts in a sentence, for people. */
export const acts =
  'Its acts are down, up, fail, lose-answer, slow, stock, repeats, login, endpoint, snapshot, listen and deliver, each with its fields.';

/**
 * The sandbox ERP behind a `core/http` connection. State: `{ stock, orders, adjustments, webhooks, requests }`, of which
 * orders and adjustments stand in the order in which they had their effect, each with how often it was `asked`.
 */
export async function erpSandbox({ now }: SandboxOptions, auth: 'bearer' | 'api-key'): Promise<Sandbox> {
  const erp = await SandboxErp.start({ now });
  return {
    config: { baseUrl: erp.url, ...loginBy(auth) },
    act: async (act) => perform(erp, checked(act)),
    state: async () => ({
      ...erp.books.state(),
      webhooks: erp.webhooks.state(),
      requests: Object.fromEntries(erp.requests),
    }),
    stop: () => erp.down(),
  };
}

function loginBy(auth: 'bearer' | 'api-key') {
  return auth === 'bearer' ? { auth, token: login.token } : { auth: 'header', name: login.keyHeader, key: login.key };
}

function checked(act: Json): Act {
  if (Value.Check(Act, act)) return act;
  throw new MillraceError('SANDBOX_ACT_UNKNOWN', `The ERP does not know the act ${writeJson(act)}. ${acts}`);
}

async function perform(erp: SandboxErp, act: Act): Promise<void> {
  switch (act.act) {
    case 'down':
      return erp.down();
    case 'up':
      return erp.up();
    case 'stock':
      for (const [sku, level] of Object.entries(act.levels)) erp.books.setStock(sku, String(level), 'STOCK_TAKING');
      return undefined;
    case 'repeats':
      erp.repeats = act.are;
      return undefined;
    case 'login':
      erp.acceptsLogin = act.accepted;
      return undefined;
    case 'endpoint':
      erp.missing[act.there ? 'delete' : 'add'](act.path);
      return undefined;
    case 'snapshot':
      erp.snapshot = act.as;
      return undefined;
    case 'listen':
      return erp.webhooks.listen(act);
    case 'deliver':
      return act.early ? erp.webhooks.deliverWaiting() : erp.webhooks.deliverDue();
    default:
      return erp.faults.add(act);
  }
}
