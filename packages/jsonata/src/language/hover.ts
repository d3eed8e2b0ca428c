import type { Syntax } from '../front/syntax.ts';
import { look } from './analyse.ts';
import { type Environment, functionsOf } from './environment.ts';
import type { FunctionDocs, FunctionExample } from './functions.ts';
import { type Range, Ranges } from './ranges.ts';
import type { Shape } from './shape.ts';
import { inWords } from './words.ts';

/** What is to be told of a place. */
export interface Hover extends Range {
  /** `qty: number`, `$substring(text, start, length?)`. */
  readonly title: string;
  /** One sentence. */
  readonly summary?: string;
  /** How a function is used. */
  readonly example?: FunctionExample;
}

/** The type of the name that stands at a position, or what the function there is for. */
export function hoverAt(text: string, position: number, environment: Environment = {}): Hover | undefined {
  const token = new Ranges(text).tokenAt(position);
  if (!token || (token.kind !== 'text' && token.kind !== 'quoted-name')) return undefined;
  const found = namedAt(token.end, look(text, environment).inferred.shapes);
  if (!found) return undefined;
  const { node, shape } = found;
  const range = { from: token.start, to: token.end };
  if (node.type === 'name') return { ...range, title: `${node.value}: ${inWords(shape)}` };
  return { ...range, ...aboutVariable(node.value, shape, environment) };
}

interface Named {
  readonly node: Syntax & { readonly type: 'name' | 'variable'; readonly value: string };
  readonly shape: Shape;
}

function namedAt(end: number, shapes: ReadonlyMap<Syntax, Shape>): Named | undefined {
  for (const [node, shape] of shapes)
    if (node.position === end && (node.type === 'name' || node.type === 'variable')) return { node, shape };
  return undefined;
}

function aboutVariable(name: string, shape: Shape, environment: Environment): Omit<Hover, keyof Range> {
  const { bindings = {} } = environment;
  const known = shape.callable?.name === name ? functionsOf(environment).get(name) : undefined;
  if (known) {
    const { docs } = known;
    return { title: callInWords(name, docs), ...(docs && { summary: docs.summary, example: docs.example }) };
  }
  const summary = Object.hasOwn(bindings, name) ? bindings[name]?.summary : undefined;
  return { title: `$${name}: ${inWords(shape)}`, ...(summary !== undefined && { summary }) };
}

/** `$substring(text, start, length?)` */
function callInWords(name: string, docs: FunctionDocs | undefined): string {
  return `$${name}(${docs?.parameters ?? '…'})`;
}
