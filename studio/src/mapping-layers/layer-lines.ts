import { type Line, linesOf, sourceText } from '../mapper/mapping.ts';
import type { LayeredMapping } from './queries.ts';

export type Layer = 'core' | 'version' | 'own';

/** A line in force, with the uppermost layer that says something of its target. */
export interface LayerLine {
  readonly key: string;
  /** Deep inside lists. */
  readonly depth: number;
  readonly to: string;
  readonly from: string;
  readonly layer: Layer;
}

/** The lines in force for a version, in their order. */
export function layerLines({ core, versions, own }: LayeredMapping, version: string): LayerLine[] {
  const found = versions.find((each) => each.version === version);
  if (!found) return [];
  const layers: readonly (readonly [Layer, ReadonlySet<string>])[] = [
    ['own', targetsOf(own?.fields)],
    ['version', targetsOf(found.fields)],
    ['core', targetsOf(core)],
  ];
  return linesOf(asLines(found.effective)).map(({ place, way, line }) => {
    const key = way.join('.');
    return {
      key: place.join('.'),
      depth: place.length - 1,
      to: line.to,
      from: sourceText(line.each ?? line.from),
      layer: layers.find(([, targets]) => targets.has(key))?.[0] ?? 'core',
    };
  });
}

function targetsOf(fields: readonly unknown[] | undefined): ReadonlySet<string> {
  return new Set(linesOf(asLines(fields ?? [])).map(({ way }) => way.join('.')));
}

/** Lines that the server has checked. */
export function asLines(fields: readonly unknown[]): readonly Line[] {
  return fields as readonly Line[];
}
