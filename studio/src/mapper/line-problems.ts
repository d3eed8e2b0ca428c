import type { FlowDocument, Problem } from '../api/types.ts';
import { placeOf } from '../editor/problems.ts';
import { mappingKeys } from './mapping.ts';

/** Whether a problem lies in what the mapper edits; `field` is its way into the config of a mapping node. */
export function isInMapping(field: readonly string[] | undefined): boolean {
  return field !== undefined && mappingKeys.some((key) => key === field[0]);
}

/** What is wrong with the lines of a mapping, by the line's place: `['fields', '3', 'from']` is about `3`. */
export function lineProblems(problems: readonly Problem[], node: string, flow: FlowDocument): Map<string, string> {
  const byLine = new Map<string, string>();
  for (const problem of problems) {
    const { node: about, field } = placeOf(problem, flow);
    if (about !== node || field?.[0] !== 'fields') continue;
    const line = field.filter((key) => /^\d+$/.test(key)).join('.');
    byLine.set(line, [byLine.get(line), problem.message].filter(Boolean).join(' '));
  }
  return byLine;
}
