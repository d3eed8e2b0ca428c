import type { Syntax } from '../../front/syntax.ts';
import { deal } from '../../signature/match.ts';
import { type Parameter, readParameters } from '../../signature/parameter.ts';
import type { FunctionKnowledge } from '../functions.ts';
import { canBe, type Kind, type Shape, withPresence } from '../shape.ts';
import type { Inference } from './inference.ts';
import type { Scope } from './scope.ts';

interface Call {
  readonly known: FunctionKnowledge;
  readonly args: readonly Shape[];
  readonly nodes: readonly Syntax[];
  readonly node: Syntax;
}

/** The letters that signatures have for kinds; `m` is a missing value. */
const letters: readonly (readonly [Kind, string])[] = [
  ['null', 'l'],
  ['boolean', 'b'],
  ['number', 'n'],
  ['string', 's'],
  ['object', 'o'],
  ['array', 'a'],
  ['function', 'f'],
];
const everyLetter = 'lbnsoafm';

/** Ways to choose one kind for each argument that are tried. */
const mostWays = 500;

/** Tells which argument cannot be what the function's signature asks for. */
export function checkArguments(inference: Inference, call: Call, scope: Scope): void {
  const { known, args } = call;
  if (known.signature === undefined) return;
  const parameters = parametersOf(known.signature);
  const given = args.map(lettersOf);
  const context = lettersOf(scope.input);
  if ([...given, context].includes('')) return;
  if (!fit(parameters, given, context)) report(inference, call, misfit(parameters, given, context), scope.certain);
  else {
    const present = args.map((arg) => lettersOf(arg.presence === 'never' ? arg : withPresence(arg, 'always')));
    if (!fit(parameters, present, context)) report(inference, call, misfit(parameters, present, context), false);
    else checkItems(inference, call, parameters, scope);
  }
}

const known = new Map<string, readonly Parameter[]>();

function parametersOf(signature: string): readonly Parameter[] {
  const parameters = known.get(signature) ?? readParameters(signature);
  known.set(signature, parameters);
  return parameters;
}

/** What a value of the shape can be; nothing for what is never reached. */
function lettersOf(shape: Shape): string {
  const present = letters.flatMap(([kind, letter]) => (canBe(shape, kind) ? [letter] : []));
  return present.join('') + (shape.presence === 'always' ? '' : 'm');
}

function fit(parameters: readonly Parameter[], given: readonly string[], context: string): boolean {
  const ways = given.reduce((count, each) => count * each.length, 1);
  return ways > mostWays || someWay(given, '', (way) => fits(parameters, way, context));
}

function someWay(given: readonly string[], chosen: string, holds: (way: string) => boolean): boolean {
  const [first, ...rest] = given;
  if (first === undefined) return holds(chosen);
  return first.split('').some((letter) => someWay(rest, chosen + letter, holds));
}

function fits(parameters: readonly Parameter[], way: string, context: string): boolean {
  const counts = deal(parameters, way, true);
  if (!counts) return false;
  const ofContext = parameters.filter((parameter, index) => parameter.context && counts[index] === 0);
  return ofContext.every(({ takes }) => context.split('').some((letter) => takes.includes(letter)));
}

/** The first argument with which, were it anything, the others would fit; without one it is the current value. */
function misfit(parameters: readonly Parameter[], given: readonly string[], context: string): number | undefined {
  const index = given.findIndex((_, at) => fit(parameters, given.with(at, everyLetter), context));
  return index >= 0 ? index : undefined;
}

function report(
  inference: Inference,
  { nodes, node, known, args }: Call,
  index: number | undefined,
  fails: boolean,
): void {
  const token = nameOf(node);
  const isOfContext = index === undefined && args.length < parametersOf(known.signature ?? '').length;
  const code = isOfContext ? 'T0411' : 'T0410';
  const at = index ?? (isOfContext ? args.length : 0);
  inference.report({
    node: (index === undefined ? undefined : nodes[index]) ?? node,
    code,
    token,
    index: at + 1,
    fails,
  });
}

/** Lists that must be of one kind. */
function checkItems(
  inference: Inference,
  { nodes, node, args }: Call,
  parameters: readonly Parameter[],
  scope: Scope,
): void {
  for (const [index, parameter] of parameters.entries()) {
    const arg = args[index];
    if (parameter.repeats || !arg || arg.presence === 'never' || !parameter.isList || parameter.items === undefined)
      continue;
    const [kind] = letters.find(([, letter]) => letter === parameter.items) ?? [];
    if (kind === undefined || isOfKind(arg, kind)) continue;
    const fails = scope.certain && arg.presence === 'always' && (!canBe(arg, 'array') || arg.filled);
    inference.report({ node: nodes[index] ?? node, code: 'T0412', token: nameOf(node), index: index + 1, fails });
  }
}

/** Whether the value, or an item of the list, can be of the kind. */
function isOfKind(arg: Shape, kind: Kind): boolean {
  if (canBe(arg, kind)) return true;
  if (!canBe(arg, 'array')) return arg.kinds.size === 0;
  const items = arg.items();
  return canBe(items, kind) || items.kinds.size === 0;
}

function nameOf(node: Syntax): string | undefined {
  const procedure = node.type === 'function' ? node.procedure : node;
  return procedure.type === 'variable' ? procedure.value : undefined;
}
