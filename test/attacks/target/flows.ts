import type { Answer, Body, Ended, SentHeaders, Target } from './target.ts';

/** A node as it stands in a flow, without what every node says; a connection by its slot. */
export interface NodeSketch {
  readonly type: string;
  readonly config?: object;
  readonly connection?: string;
  /** As in a flow; without it the category of an error says how often a step is tried. */
  readonly retry?: { readonly attempts: number };
}

export interface FlowSketch {
  readonly id: string;
  /** The trigger first; each node follows the one before. */
  readonly nodes: readonly NodeSketch[];
  /** Slots with the types of their connections. */
  readonly connections?: Readonly<Record<string, { readonly type: string }>>;
}

const nameOf = (index: number): string => `n${index}`;

export function flowOf({ id, nodes, connections }: FlowSketch): object {
  return {
    format: 1,
    id,
    name: id,
    ...(connections && { connections }),
    nodes: Object.fromEntries(
      nodes.map((node, index) => [nameOf(index), { version: 1, title: nameOf(index), config: {}, ...node }]),
    ),
    edges: nodes.slice(1).map((_, index) => ({ from: nameOf(index), to: nameOf(index + 1) })),
  };
}

const deployed = new WeakMap<Target, Map<string, Promise<void>>>();

/** Imports and deploys a flow, once for a target: the same id a second time is what was deployed. @throws where it is refused */
export async function ensureFlow(target: Target, sketch: FlowSketch, bound: SentHeaders = {}): Promise<void> {
  const flows = deployed.get(target) ?? new Map<string, Promise<void>>();
  deployed.set(target, flows);
  const deploying = flows.get(sketch.id) ?? deploy(target, sketch, bound);
  flows.set(sketch.id, deploying);
  return deploying;
}

async function deploy(target: Target, sketch: FlowSketch, bound: SentHeaders): Promise<void> {
  const answer = await tryToDeploy(target, sketch, bound);
  if (answer.status > 299) throw new Error(`The flow “${sketch.id}” was refused: ${answer.text.slice(0, 500)}`);
}

/** @param bound ids of connections by slot */
export async function tryToDeploy(target: Target, sketch: FlowSketch, bound: SentHeaders = {}): Promise<Answer> {
  const imported = await target.call('POST', '/flows', { flow: flowOf(sketch) });
  return imported.status > 299 ? imported : target.call('POST', `/flows/${sketch.id}/deploy`, { connections: bound });
}

/** Creates a connection; answers its id. @throws where it is refused */
export async function connect(target: Target, name: string, type: string, config: object): Promise<string> {
  const answer = await target.call('POST', '/connections', { name, type, config });
  if (answer.status !== 201) throw new Error(`The connection “${name}” was refused: ${answer.text.slice(0, 500)}`);
  return answer.json.id as string;
}

/** Starts a run by hand and waits for its end. */
export async function run(target: Target, flow: string, payload: unknown): Promise<Ended> {
  const answer = await target.call('POST', `/flows/${flow}/run`, { payload });
  if (answer.status !== 202) throw new Error(`The run of “${flow}” was refused: ${answer.text.slice(0, 500)}`);
  return target.endOf(answer.json.runId as string);
}

/** Sends to a webhook and waits for the end of the run; the code of the refusal where there is none. */
export async function deliver(target: Target, path: string, body: Body, headers?: SentHeaders): Promise<Ended> {
  const answer = await target.send(path, body, headers);
  const { runId, error } = answer.json ?? {};
  if (typeof runId === 'string') return target.endOf(runId);
  return { id: '', status: 'refused', code: error?.code ?? '', text: answer.text, output: undefined };
}

/** Hands a file with these bytes to a flow that parses it. */
export async function parse(target: Target, format: 'xml' | 'json', content: string | Uint8Array): Promise<Ended> {
  const path = `parse-${format}`;
  const webhook = { type: 'core/webhook', config: { path, accepts: ['binary'], answer: 'accepted' } };
  const parse = { type: 'core/parse', config: { from: '{% $ %}', [format]: {} } };
  await ensureFlow(target, { id: path, nodes: [webhook, parse] });
  return deliver(target, path, Buffer.from(content as string), { 'content-type': 'application/octet-stream' });
}
