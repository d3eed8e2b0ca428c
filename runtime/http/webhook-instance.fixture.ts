import { AnyJson, defineNode, describeNode, emit, type Json, type NodeSpec } from '@millrace/contract';
import Type from 'typebox';
import { type Instance, orderFlow } from './test-instance.fixture.ts';

/** Answers 201 with its input, and goes on: what any node may do that answers. */
const answering = defineNode({
  id: 'test/answer',
  version: 1,
  title: 'Answer',
  summary: 'Answers the request with its input.',
  icon: 'box',
  config: Type.Object({}, { additionalProperties: false }),
  input: AnyJson,
  outputs: { out: AnyJson },
  effect: 'stored',
  examples: [{ title: 'Answers', config: {}, input: 1, expect: { port: 'out', data: 1 } }],
  run(input, _config, { runs }) {
    runs.respond({ status: 201, headers: {}, body: input });
    return emit('out', input);
  },
});

/** Adds the node type; catalogue and description are those that the instance itself looks into. */
export function knowAnswering({ api }: Instance): void {
  (api.catalogue.nodes as Map<string, NodeSpec>).set(answering.id, answering);
  (api.types.nodes as object[]).push(describeNode(answering));
}

const secretType = 'core/webhook-secret';

/** Creates a connection with the secrets; answers its id. */
export async function createSecret(instance: Instance, name: string, config: Json): Promise<string> {
  const created = await instance.call('POST', '/connections', { name, type: secretType, config });
  return created.body.id as string;
}

/** A flow of nothing but a webhook with the secret of the connection, and what follows it. */
export interface WebhookFlow {
  readonly config: Record<string, Json>;
  /** Id of a `core/webhook-secret`. */
  readonly secret?: string;
  /** Schema of the flow's parameters, with their values as defaults. */
  readonly parameters?: Json;
  /** A node behind the trigger, in place of one that takes everything. */
  readonly next?: Json;
}

/** Imports and deploys the flow; answers what the deployment answered. */
export async function deployWebhook(instance: Instance, id: string, { config, secret, parameters, next }: WebhookFlow) {
  const { flow, ...rest } = orderFlow(id);
  const trigger = { ...flow.nodes.approved, config, ...(secret !== undefined && { connection: 'sender' }) };
  const check = next ?? { ...flow.nodes.check, config: { schema: {} } };
  const slots = secret === undefined ? {} : { connections: { sender: { type: secretType } } };
  const set = parameters === undefined ? {} : { parameters };
  const document = { ...flow, ...slots, ...set, nodes: { approved: trigger, check } };
  const bundle = { ...rest, flow: document };
  const draft = await instance.call('GET', `/flows/${id}`);
  const saved =
    draft.status === 200
      ? await instance.call('PUT', `/flows/${id}`, { revision: draft.body.revision, bundle })
      : await instance.call('POST', '/flows', bundle);
  if (saved.status > 299) return saved;
  const bound = secret === undefined ? {} : { connections: { sender: secret } };
  return instance.call('POST', `/flows/${id}/deploy`, bound);
}

/** Sends to a webhook without any key of ours, and answers status and body; the body's bytes go as they are. */
export async function sendTo(
  instance: Instance,
  path: string,
  body: RequestInit['body'] = null,
  headers: Record<string, string> = {},
  method = 'POST',
) {
  const sent: RequestInit = { method, headers, body };
  const response = await fetch(`${instance.url}/hooks/acme/${path}`, sent);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : text };
}
