import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  isObject,
  type Json,
  type JsonObject,
  MillraceError,
  type Sandbox,
  type SandboxOptions,
  writeJson,
} from '@millrace/contract';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { compactTime, instantOf } from '../ack/time.ts';
import { type Answer, lay, layAnswer } from './answer.ts';
import { filesIn, orderDocument, ordersIn, unreadOrders } from './orders.ts';

const Times = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }));
const strict = { additionalProperties: false };

/**
 * Acts of a flow test's script, one key naming each:
 * - `{"put": {"name": "ack/…", "body": …}}` or `{"put": {"name": …, "text": "…"}}`: any file, as JSON or raw
 * - `{"down": true}` takes the folder away, `{"down": false}` brings it back
 * - `{"ack": "<draft order id>", "erp_order_id"?, "processed_at"?, "stamp"?, "times"?}`
 * - `{"refuse": "<draft order id>", "error_code"?, "message"?, "processed_at"?, "stamp"?, "times"?}`
 *
 * The stamp is that of the order's newest file unless given; each repetition of `times` carries one a second later.
 */
const Act = Type.Union([
  Type.Object(
    {
      put: Type.Object(
        { name: Type.String(), body: Type.Optional(Type.Unknown()), text: Type.Optional(Type.String()) },
        strict,
      ),
    },
    strict,
  ),
  Type.Object({ down: Type.Boolean() }, strict),
  Type.Object(
    {
      ack: Type.String(),
      erp_order_id: Type.Optional(Type.String()),
      processed_at: Type.Optional(Type.String()),
      stamp: Type.Optional(Type.String()),
      times: Times,
    },
    strict,
  ),
  Type.Object(
    {
      refuse: Type.String(),
      error_code: Type.Optional(Type.String()),
      message: Type.Optional(Type.String()),
      processed_at: Type.Optional(Type.String()),
      stamp: Type.Optional(Type.String()),
      times: Times,
    },
    strict,
  ),
]);
type Act = Static<typeof Act>;

/** An ERP's side of a folder dropzone, played by a script; see {@link Act}. */
export async function dropzoneSandbox({ folder, now }: Pick<SandboxOptions, 'folder' | 'now'>): Promise<Sandbox> {
  const root = join(folder, 'dropzone');
  const away = `${root}.away`;
  let down = false;
  await mkdir(join(root, 'out'), { recursive: true });
  await mkdir(join(root, 'ack'));

  async function takeDown(wanted: boolean): Promise<void> {
    if (wanted === down) return;
    await (wanted ? rename(root, away) : rename(away, root));
    down = wanted;
  }
  return {
    config: { kind: 'folder', path: root },
    async act(json) {
      const act = checkedAct(json);
      if ('down' in act) return takeDown(act.down);
      const present = down ? away : root;
      if ('put' in act) return putFile(present, act.put);
      return answerOrder(present, act, now());
    },
    state: () => stateOf(down ? away : root),
    stop: () => takeDown(false),
  };
}

function checkedAct(json: Json): Act {
  if (isObject(json) && Value.Check(Act, json)) return json;
  const message = `The dropzone's sandbox does not know the act ${writeJson(json)}; it knows put, down, ack and refuse.`;
  throw new MillraceError('UNKNOWN_ACT', message);
}

function putFile(root: string, { name, body, text }: { name: string; body?: unknown; text?: string }): Promise<void> {
  if (name.split('/').some((part) => part === '..' || part === '')) {
    throw new MillraceError('UNKNOWN_ACT', `“${name}” leads out of the dropzone.`, { pointer: '/put/name' });
  }
  return lay(root, name, text ?? writeJson(body as Json, 2));
}

type AnswerAct = Extract<Act, { ack: string } | { refuse: string }>;

async function answerOrder(root: string, act: AnswerAct, now: Date): Promise<void> {
  const orderId = 'ack' in act ? act.ack : act.refuse;
  const stamp = act.stamp ?? (await newestStamp(root, orderId)) ?? compactTime(now);
  const answer = answerOf(act, now);
  for (let time = 0; time < (act.times ?? 1); time++) {
    await layAnswer(root, answer, orderId, time === 0 ? stamp : laterStamp(stamp, time));
  }
}

function answerOf(act: AnswerAct, now: Date): Answer {
  const processed_at = act.processed_at ?? now.toISOString();
  if ('ack' in act) return { status: 'ACKED', erp_order_id: act.erp_order_id ?? 'SO-2025-000123', processed_at };
  const error_code = act.error_code ?? 'INVALID_CUSTOMER';
  return { status: 'FAILED', error_code, message: act.message ?? 'Customer not found', processed_at };
}

async function newestStamp(root: string, orderId: string): Promise<string | undefined> {
  const orders = [...(await unreadOrders(root)), ...(await ordersIn(root, 'archive'))];
  const stamps = orders.filter((order) => order.orderId === orderId).map((order) => order.stamp);
  return stamps.sort((a, b) => (instantOf(a) ?? 0) - (instantOf(b) ?? 0)).at(-1);
}

function laterStamp(stamp: string, seconds: number): string {
  const instant = instantOf(stamp);
  return instant === undefined ? `${stamp}-${seconds}` : compactTime(new Date(instant + seconds * 1000));
}

/**
 * `files`: names of the orders that lie there unread; `archive` and `error`: names of the files set aside; `orders`:
 * the documents of the unread orders.
 */
async function stateOf(root: string): Promise<JsonObject> {
  const unread = await unreadOrders(root);
  const documents = await Promise.all(unread.map((order) => orderDocument(root, order)));
  return {
    files: unread.map(({ name }) => name),
    archive: await filesIn(join(root, 'archive')),
    error: await filesIn(join(root, 'error')),
    orders: documents.map((document) => document ?? null),
  };
}
