import { type Json, writeJson } from '@millrace/contract';
import type { Change, NamedKind } from './change.ts';

/** Values are told up to this many characters. */
const longest = 80;

const namedSubjects: Readonly<Record<NamedKind, (name: string) => string>> = {
  node: (name) => `the node “${name}”`,
  'node-title': (name) => `the title of the node “${name}”`,
  'node-type': (name) => `the type of the node “${name}”`,
  'node-version': (name) => `the version of the type of the node “${name}”`,
  'node-parent': (name) => `the loop around the node “${name}”`,
  'node-connection': (name) => `the connection of the node “${name}”`,
  config: (name) => `the config of the node “${name}”`,
  retry: (name) => `how the node “${name}” is tried again`,
  edge: (name) => `the edge ${name.replace('>', ' → ')}`,
  parameter: (name) => `the parameter “${name}”`,
  'parameter-default': (name) => `the default of the parameter “${name}”`,
  slot: (name) => `the connection slot “${name}”`,
  'record-type': (name) => `the record type “${name}”`,
  'code-table': (name) => `the code table “${name}”`,
  mapping: (name) => `the mapping “${name}”`,
  test: (name) => `the test “${name}”`,
  sample: (name) => `the sample “${name}”`,
};

const flowSubjects = { parameters: 'the parameters', 'on-error': 'the node for errors', flow: 'the flow' };

/** Things whose content is too much for a sentence; that they came or went is enough. */
const large = new Set<Change['kind']>(['node', 'edge', 'record-type', 'code-table', 'mapping', 'test', 'sample']);

/** One English sentence that tells people of a change. */
export function sentenceOf(change: Change): string {
  const subject = subjectOf(change);
  return `${subject[0]?.toUpperCase()}${subject.slice(1)} ${predicateOf(change)}.`;
}

function subjectOf(change: Change): string {
  const subject = 'name' in change ? namedSubjects[change.kind](change.name) : flowSubjects[change.kind];
  return change.field === '' ? subject : `${subject}, at ${change.field},`;
}

function predicateOf({ action, before, after, edit, kind, field }: Change): string {
  const told = (value: Json | undefined) => (large.has(kind) && field === '' ? '' : `: ${short(value)}`);
  switch (action) {
    case 'added':
      return `is new${told(after)}`;
    case 'removed':
      return `is gone${told(before)}`;
    case 'reordered':
      return `has another order: ${short(after)}`;
    default:
      return edit && isLong(before, after)
        ? `has ${short(edit.after)} in the place of ${short(edit.before)} at character ${edit.from}`
        : `changes from ${short(before)} to ${short(after)}`;
  }
}

function isLong(...values: readonly (Json | undefined)[]): boolean {
  return values.some((value) => writeJson(value).length > longest);
}

function short(value: Json | undefined): string {
  const text = writeJson(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
