import { ExactNumber, expressionOf, type Json, type JsonObject, MillraceError } from '@millrace/contract';
import type { Foundation } from '../engine/engine.ts';
import { evaluationFor } from '../engine/evaluation.ts';
import type { Serving } from '../flows/serving.ts';

const longest = 500;

/**
 * The trigger's own idea of which event this is; data without one has no id.
 * @throws {MillraceError} `EVENT_ID_INVALID`, and what the expression fails with
 */
export async function eventIdIn(
  payload: Json,
  meta: JsonObject,
  { tenant, node, serving }: { readonly tenant: string; readonly node: string; readonly serving: Serving },
  { evaluator }: Pick<Foundation, 'evaluator'>,
): Promise<string | undefined> {
  const text = expressionOf(serving.document.nodes[node]?.config.eventId);
  if (text === undefined) return undefined;
  const [value] = await evaluationFor(evaluator, tenant).all([text], {
    input: payload,
    trigger: { ...meta, body: payload },
    steps: {},
    params: serving.deployment.parameters,
    run: {},
    tenant: {},
    now: new Date().toISOString(),
    seed: '',
  });
  return value === undefined || value === null || value === '' ? undefined : asId(value);
}

function asId(value: Json): string {
  const isPlain = typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber;
  const id = isPlain ? String(value) : '';
  if (id !== '' && id.length <= longest) return id;
  const message = `The event id of the data must be a text of at most ${longest} characters, or a number.`;
  throw new MillraceError('EVENT_ID_INVALID', message);
}
