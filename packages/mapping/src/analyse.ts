import { MillraceError } from '@millrace/contract';
import type { Syntax } from '@millrace/jsonata';
import { builtInFunctions } from '@millrace/jsonata/language';
import { compile } from './compile.ts';
import { hostFunctions } from './functions/register.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { isDecorated } from './plain-path.ts';

/** What an expression reads, known from its text alone. Names are without the `$`, sorted. */
export interface Analysis {
  /** Why the text is no expression; everything else is empty then. `position`: characters from the start. */
  readonly error?: { readonly code: string; readonly message: string; readonly position?: number };
  /** Every x of `$steps.x`. */
  readonly steps: readonly string[];
  /** What is read of them: each path of plain names behind `$steps`, the step's first; everything below its end. */
  readonly stepPaths: readonly (readonly string[])[];
  /** `$steps` is used otherwise than as `$steps.x`: any step may be read. */
  readonly readsAllSteps: boolean;
  /** Every x of `$params.x`. */
  readonly params: readonly string[];
  /** Names that neither the expression itself nor a function binds. */
  readonly variables: readonly string[];
  /** Names called as functions, the expression's own among them. */
  readonly functions: readonly string[];
  readonly needs: Readonly<Record<Need, boolean>>;
}
type Need = 'trigger' | 'error' | 'run' | 'tenant';

/** Bound by the flow in every expression; a use counts even where the expression binds the name anew. */
const flowNames: ReadonlySet<string> = new Set(['steps', 'params', 'trigger', 'error', 'run', 'tenant']);
const functionNames: ReadonlySet<string> = new Set([...builtInFunctions.keys(), ...Object.keys(hostFunctions)]);

const cache = new LeastRecentlyUsed<Analysis>(2_000_000);

/** Reads an expression's names off its syntax tree; never throws. */
export function analyse(text: string): Analysis {
  return cache.get(text, text.length + 1000, () => read(text));
}

function read(text: string): Analysis {
  const reader = new NameReader();
  try {
    reader.read(compile(text).syntax, new Set());
    return reader.analysis();
  } catch (thrown) {
    return { ...new NameReader().analysis(), error: errorOf(thrown) };
  }
}

function errorOf(thrown: unknown): NonNullable<Analysis['error']> {
  if (!(thrown instanceof MillraceError))
    return { code: 'EXPRESSION_PARSE', message: 'The expression is nested too deeply.' };
  const { position } = (thrown.options.details ?? {}) as { position?: number };
  return { code: thrown.code, message: thrown.message, ...(position !== undefined && { position }) };
}

type Scope = Set<string>;

/** Walks a syntax tree in the order of evaluation, with the names bound so far. */
class NameReader {
  readonly #stepPaths: (readonly string[])[] = [];
  readonly #params = new Set<string>();
  readonly #variables = new Set<string>();
  readonly #functions = new Set<string>();
  #readsAllSteps = false;
  #seesParents = false;

  analysis(): Analysis {
    const uses = (name: Need) => this.#variables.has(name);
    const steps = new Set(this.#stepPaths.map(([step]) => step as string));
    return {
      steps: [...steps].sort(),
      stepPaths: this.#stepPaths,
      readsAllSteps: this.#readsAllSteps || (this.#seesParents && steps.size > 0),
      params: [...this.#params].sort(),
      variables: [...this.#variables].sort(),
      functions: [...this.#functions].sort(),
      needs: { trigger: uses('trigger'), error: uses('error'), run: uses('run'), tenant: uses('tenant') },
    };
  }

  read(node: Syntax, scope: Scope): void {
    this.#readNode(node, scope);
    for (const { expr } of node.predicate ?? []) this.read(expr, scope);
    if (node.type !== 'path') this.#readGroup(node, scope);
  }

  #readNode(node: Syntax, scope: Scope): void {
    if (node.type === 'path') this.#readPath(node, new Set(scope));
    else if (node.type === 'variable') this.#readVariable(node.value, scope);
    else if (node.type === 'parent') this.#seesParents = true;
    else if (node.type === 'bind') this.#readBinding(node, scope);
    else if (node.type === 'block') this.#readBlock(node.expressions, new Set(scope));
    else if (node.type === 'lambda')
      this.read(node.body, new Set([...scope, ...node.arguments.map(({ value }) => value)]));
    else if (node.type === 'function' || node.type === 'partial') this.#readCall(node, scope);
    else for (const child of children(node)) this.read(child, scope);
  }

  #readPath(node: Syntax & { type: 'path' }, scope: Scope): void {
    const [first, ...steps] = node.steps;
    const names = first?.type === 'variable' && isPlain(first) ? leadingNames(steps) : [];
    for (const step of node.steps) {
      if (step === first && names.length > 0) this.#readMember(first as Syntax & { type: 'variable' }, names, scope);
      else this.read(step, scope);
      this.#readStages(step, scope);
    }
    this.#readGroup(node, scope);
  }

  /** What stands behind a step: `@$focus`, `#$index`, filters. */
  #readStages({ focus, index, stages = [] }: Syntax, scope: Scope): void {
    for (const name of [focus, index]) if (name !== undefined) scope.add(name);
    for (const stage of stages) {
      if (stage.type === 'index') scope.add(stage.value);
      else this.read(stage.expr, scope);
    }
  }

  /** `$name.member.…` */
  #readMember({ value: name }: Syntax & { type: 'variable' }, names: readonly string[], scope: Scope): void {
    if (name === 'steps') this.#stepPaths.push(names);
    if (name === 'params') this.#params.add(names[0] as string);
    this.#use(name, scope);
  }

  #readVariable(name: string, scope: Scope): void {
    if (name === 'steps') this.#readsAllSteps = true;
    this.#use(name, scope);
  }

  #use(name: string, scope: Scope): void {
    if (name === '' || name === '$') return;
    if (flowNames.has(name) || !(scope.has(name) || functionNames.has(name))) this.#variables.add(name);
  }

  #readBinding({ lhs, rhs }: Syntax & { type: 'bind' }, scope: Scope): void {
    if (rhs.type === 'lambda') scope.add(lhs.value);
    this.read(rhs, scope);
    scope.add(lhs.value);
  }

  /** Functions of a block may call one another before they are bound: they run later. */
  #readBlock(expressions: readonly Syntax[], scope: Scope): void {
    for (const part of expressions) if (part.type === 'bind' && part.rhs.type === 'lambda') scope.add(part.lhs.value);
    for (const part of expressions) this.read(part, scope);
  }

  #readCall(node: Syntax & { type: 'function' | 'partial' }, scope: Scope): void {
    if (node.procedure.type === 'variable') this.#functions.add(node.procedure.value);
    this.read(node.procedure, scope);
    for (const argument of node.arguments) this.read(argument, scope);
  }

  #readGroup({ group }: Syntax, scope: Scope): void {
    for (const child of group?.lhs.flat() ?? []) this.read(child, scope);
  }
}

/** The parts of a node that are evaluated in its own context, of the kinds that have no rule of their own above. */
export function children(node: Syntax): readonly Syntax[] {
  switch (node.type) {
    case 'binary':
    case 'apply':
      return [node.lhs, node.rhs];
    case 'unary':
      return [...(node.lhs?.flat() ?? []), ...(node.expressions ?? []), ...(node.expression ? [node.expression] : [])];
    case 'condition':
      return [node.condition, node.then, ...(node.else ? [node.else] : [])];
    case 'transform':
      return [node.pattern, node.update, ...(node.delete ? [node.delete] : [])];
    case 'sort':
      return node.terms.map(({ expression }) => expression);
    default:
      return [];
  }
}

/** A variable that the path goes on from as it is. */
function isPlain({ predicate, stages, group, focus, index }: Syntax): boolean {
  return [predicate, stages, group, focus, index].every((decoration) => decoration === undefined);
}

/** The names that a path begins with, up to one behind which more than a name stands. */
function leadingNames(steps: readonly Syntax[]): string[] {
  const names: string[] = [];
  for (const step of steps) {
    if (step.type !== 'name') break;
    names.push(step.value);
    if (isDecorated(step)) break;
  }
  return names;
}
