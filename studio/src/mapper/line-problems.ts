import type { FlowDocument, Problem } from '../api/types.ts';
import { keysOf, placeOf } from '../editor/problems.ts';
import { mappingKeys } from './mapping.ts';

/** What is wrong with a line: of an error every run fails, of a warning some may. */
export interface LineProblem {
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/** Whether a problem lies in what the mapper edits; `field` is its way into the config of a mapping node. */
export function isInMapping(field: readonly string[] | undefined): boolean {
  return field !== undefined && mappingKeys.some((key) => key === field[0]);
}

/** What is wrong with the lines of a mapping in a flow, by the line's place. */
export function lineProblems(problems: readonly Problem[], node: string, flow: FlowDocument): Map<string, string> {
  const byLine = new Map<string, string>();
  for (const problem of problems) {
    const { node: about, field } = placeOf(problem, flow);
    if (about !== node || field?.[0] !== 'fields') continue;
    const line = lineAt(field);
    byLine.set(line, inOneText(byLine.get(line), problem.message));
  }
  return byLine;
}

/** The same of a field map that is looked at for itself, for what is wrong with a line and not with the whole. */
export function problemsByLine(problems: readonly Pick<Problem, 'pointer' | 'message' | 'severity'>[]) {
  const byLine = new Map<string, LineProblem>();
  for (const { pointer, message, severity } of problems) {
    const line = lineAt(keysOf(pointer));
    if (line === '' || severity === 'notice') continue;
    const other = byLine.get(line);
    const isWarning = severity === 'warning' && other?.severity !== 'error';
    byLine.set(line, { message: inOneText(other?.message, message), severity: isWarning ? 'warning' : 'error' });
  }
  return byLine;
}

/** The place of a line from a way into it: of `fields`, `3`, `fields`, `1`, `from` it is `3.1`. */
function lineAt([part, index, ...inner]: readonly string[]): string {
  if (part !== 'fields' || index === undefined) return '';
  const deeper = lineAt(inner);
  return deeper === '' ? index : `${index}.${deeper}`;
}

function inOneText(...messages: readonly (string | undefined)[]): string {
  return messages.filter((message) => message !== undefined).join(' ');
}
