import type { FlowSummary } from '../api/types.ts';
import type { TemplateSummary } from './queries.ts';

/** A flow that was made of a template, beside how the template stands. */
export interface Clone {
  readonly flow: string;
  readonly name: string;
  readonly template: string;
  readonly version: string;
  /** Null where the template is not offered any more. */
  readonly newest: string | null;
}

export function clonesAmong(flows: readonly FlowSummary[], templates: readonly TemplateSummary[]): Clone[] {
  const newest = new Map(templates.map(({ id, version }) => [id, version]));
  return flows.flatMap(({ id, name, template }) =>
    template === null
      ? []
      : [{ flow: id, name, template: template.id, version: template.version, newest: newest.get(template.id) ?? null }],
  );
}

export function hasMovedOn({ version, newest }: Clone): boolean {
  return newest !== null && newest !== version;
}
