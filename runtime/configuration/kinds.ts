import type { PartPlace } from './configuration.ts';
import type { Kind } from './kind.ts';
import { alertChannels } from './kinds/alert-channels.ts';
import { codeTables } from './kinds/code-tables.ts';
import { connections } from './kinds/connections.ts';
import { deployments } from './kinds/deployments.ts';
import { flows } from './kinds/flows.ts';
import { mappingLines } from './kinds/mapping-lines.ts';
import { retention } from './kinds/retention.ts';

/** All kinds of parts, in the order in which they are applied: what others need comes before them. */
export const kinds: readonly Kind[] = [
  codeTables,
  connections,
  flows,
  deployments,
  mappingLines,
  retention,
  alertChannels,
];

const environments = ['sandbox', 'production'];

/** A part by its name, with its kind; nothing where that names none. */
export function kindOfPart(part: string): { readonly kind: Kind; readonly place: PartPlace } | undefined {
  const [id, rest] = cut(part);
  const kind = kinds.find((each) => each.id === id);
  if (!kind) return undefined;
  const [environment, name] = kind.hasEnvironment ? cut(rest) : ['', rest];
  if (name === '' || (kind.hasEnvironment && !environments.includes(environment))) return undefined;
  return { kind, place: { kind: id, environment, name } };
}

/** A part that is known to be one. */
export function partOf(part: string): { readonly kind: Kind; readonly place: PartPlace } {
  const found = kindOfPart(part);
  if (!found) throw new TypeError(`“${part}” names no part of a configuration`);
  return found;
}

function cut(text: string): [string, string] {
  const at = text.indexOf('/');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
