import type { Json, JsonObject } from '@millrace/contract';
import { digestOf, isSelected, partName } from './configuration.ts';
import type { Kind } from './kind.ts';
import { kinds, partOf } from './kinds.ts';
import type { Present } from './read.ts';

/** A part that becomes another one: before it is applied. */
export interface PartChange {
  readonly part: string;
  readonly kind: Kind;
  /** Absent where there was nothing; likewise `after`. */
  readonly before?: Json;
  readonly after?: Json;
}

export interface Wanted {
  readonly parts: JsonObject;
  readonly selection: readonly string[];
  readonly prune: boolean;
  readonly deploy: string | undefined;
}

/** What has to change so that all is as it is wanted: what is made before what needs it, what goes after what needed it. */
export function changesTo(wanted: Wanted, present: Present): readonly PartChange[] {
  const made = namesOf(wanted).flatMap((part) => changeOf(part, wanted, present));
  return [...made, ...(wanted.prune ? removals(wanted, present) : [])];
}

/** Parts of the selection that are there and not among the wanted ones. */
export function missingParts({ parts, selection }: Pick<Wanted, 'parts' | 'selection'>, present: Present): string[] {
  return [...present.keys()].filter((part) => isSelected(part, selection) && !Object.hasOwn(parts, part));
}

/** In the order in which kinds are applied. */
function namesOf({ parts, deploy }: Wanted): string[] {
  const names = Object.keys(parts);
  const flows = names.filter((part) => partOf(part).kind.id === 'flows').map((part) => partOf(part).place.name);
  const deployed = deploy === undefined ? [] : flows.map((name) => placeOfDeployment(deploy, name));
  const all = new Set([...names, ...deployed]);
  return kinds.flatMap((kind) => [...all].filter((part) => partOf(part).kind === kind));
}

function placeOfDeployment(environment: string, name: string): string {
  return partName({ kind: 'deployments', environment, name });
}

function changeOf(part: string, { parts, deploy }: Wanted, present: Present): PartChange[] {
  const { kind, place } = partOf(part);
  const given = Object.hasOwn(parts, part) ? kind.canonical(parts[part] as Json) : undefined;
  const before = present.get(part)?.value;
  const after = kind.wanted ? kind.wanted(place, given, { present: before, parts, deploy }) : given;
  if (after === undefined || isSame(before, after)) return [];
  return [{ part, kind, after, ...(before !== undefined && { before }) }];
}

function removals(wanted: Wanted, present: Present): PartChange[] {
  return missingParts(wanted, present)
    .toReversed()
    .map((part) => ({ part, kind: partOf(part).kind, before: present.get(part)?.value as Json }))
    .filter(({ kind }) => kind.remove !== undefined);
}

function isSame(before: Json | undefined, after: Json): boolean {
  return before !== undefined && digestOf(before) === digestOf(after);
}
