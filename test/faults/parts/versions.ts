import { fileURLToPath } from 'node:url';
import { readWholeFlow } from '../../../runtime/flows/folder.ts';
import type { Effect } from './effects.ts';
import type { Installation } from './installation.ts';

const order = readWholeFlow(fileURLToPath(new URL('../flows/order', import.meta.url)));
const orderFlow = order.flow.id;

/** Lets a version of the order flow serve that says of itself, in all it sends, which one it is. */
export async function serveVersion({ api, receiver }: Installation, version: number): Promise<void> {
  const bundle = structuredClone(order);
  const { map, confirm } = bundle.flow.nodes as Record<'map' | 'confirm', { config: Record<string, unknown> }>;
  map.config.expression = named(map.config.expression, version);
  confirm.config.body = named(confirm.config.body, version);
  const { revision } = (await api('GET', `/flows/${orderFlow}`)) as { revision: number };
  await api('PUT', `/flows/${orderFlow}`, { revision, bundle });
  await api('POST', `/flows/${orderFlow}/deploy`, { parameters: { sink: receiver.url } });
}

/** @throws where the document is no longer written so: nothing would be seen of the version */
function named(document: unknown, version: number): string {
  const text = String(document);
  if (!text.includes('{ "order"')) throw new Error(`There is no document of an order in ${text}`);
  return text.replace('{ "order"', `{ "version": ${version}, "order"`);
}

/** What is wrong with the versions that orders were treated by, and how many ended on one that served no more. */
export function versionsOf(effects: readonly Effect[]): { mixed: string[]; outlived: number } {
  const sent = effects.filter(({ version }) => version !== undefined);
  const firstOf = new Map<number, number>();
  for (const { version, at } of sent)
    firstOf.set(version as number, Math.min(at, firstOf.get(version as number) ?? at));
  const isLate = ({ version, at }: Effect) => at > (firstOf.get((version as number) + 1) ?? Number.POSITIVE_INFINITY);
  const byOrder = Map.groupBy(sent, (effect) => effect.order);
  return {
    mixed: [...byOrder].flatMap(([id, own]) => {
      const versions = new Set(own.map(({ version }) => version));
      return versions.size > 1 ? [`the order ${id} was treated by the versions ${[...versions].join(' and ')}`] : [];
    }),
    outlived: new Set(sent.filter(isLate).map((effect) => effect.order)).size,
  };
}
