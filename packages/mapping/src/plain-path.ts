import { isObject, type Json } from '@millrace/contract';
import type { Syntax } from '@millrace/jsonata';
import { compile } from './compile.ts';

/** What a path leads to; `value` is absent where it leads nowhere. */
export interface Found {
  readonly value?: Json;
}

/**
 * What a plain path names: `$`, `$params.sink`, `header.order_id`. Such an expression computes nothing, so its value can be
 * read where the data is. Nothing where the expression is more than a path, or the path meets a list on its way, which
 * JSONata would map over: then it has to be evaluated.
 * @param bindings by name, without the `$`
 * @throws {MillraceError} EXPRESSION_PARSE
 */
export function followPath(text: string, input: Json, bindings: Readonly<Record<string, Json>>): Found | undefined {
  const steps = stepsOf(compile(text).syntax);
  if (!steps) return undefined;
  const [first, ...names] = steps;
  if (first?.type !== 'variable') return follow(input, steps);
  if (first.value === '' || first.value === '$') return follow(input, names);
  // A name that is not bound may be a function's.
  return Object.hasOwn(bindings, first.value) ? follow(bindings[first.value], names) : undefined;
}

function stepsOf(syntax: Syntax): readonly PathStep[] | undefined {
  if (isDecorated(syntax)) return undefined;
  if (syntax.type === 'variable') return [syntax];
  if (syntax.type !== 'path') return undefined;
  return syntax.steps.every(isPathStep) ? syntax.steps : undefined;
}

type PathStep = { readonly type: 'name' | 'variable'; readonly value: string };

function isPathStep(step: Syntax, index: number): step is Syntax & PathStep {
  return !isDecorated(step) && (step.type === 'name' || (step.type === 'variable' && index === 0));
}

/** JSONata's parser leaves more on a node than its type says: filters, groupings, `[]`. */
export function isDecorated(node: Syntax): boolean {
  return Object.keys(node).some((key) => !['type', 'value', 'position', 'steps'].includes(key));
}

function follow(start: Json | undefined, names: readonly PathStep[]): Found | undefined {
  let value = start;
  for (const { value: name } of names) {
    if (Array.isArray(value)) return undefined;
    value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  // A list that is found may hold what JSONata would leave out or unwrap.
  if (Array.isArray(value) && names.length > 0) return undefined;
  return value === undefined ? {} : { value };
}
