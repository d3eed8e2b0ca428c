import type { Syntax } from '../syntax.ts';
import { isCallOf, isList, isSame, looseNames, type Of, textOf } from './read-syntax.ts';
import { alwaysAnswering, resultKinds } from './results.ts';
import { namesBoundBy, parametersOf, type Scope, variable, withNames } from './scope.ts';
import {
  anything,
  canBe,
  either,
  elementsOf,
  gathered,
  itemOf,
  listOf,
  madeAt,
  metIn,
  nothing,
  objectOf,
  ofKind,
  perhaps,
  type Shape,
  someOf,
  unknown,
  without,
  withPresence,
} from './shape.ts';
import { guarded, memberOf, together, togetherOrContext, walked } from './walk.ts';

/** A path that leads nowhere by what is known of the data. */
export interface LostPath {
  readonly path: string;
  /** Fields that there are instead, where that is known. */
  readonly instead: readonly string[];
}

export interface Inferred {
  readonly shape: Shape;
  readonly lost: readonly LostPath[];
}

/**
 * What an expression gives, known from its syntax tree and from what it sees, and which of its paths lead nowhere.
 * @param origin JSON Pointer of the expression
 */
export function infer(syntax: Syntax, scope: Scope, origin: string): Inferred {
  const loose = looseNames(syntax);
  const inference = new Inference(origin, loose);
  const shape = inference.of(
    syntax,
    withNames(
      scope,
      [...loose].map((name) => [name, unknown]),
    ),
  );
  return { shape, lost: [...inference.lost.values()] };
}

class Inference {
  readonly lost = new Map<string, LostPath>();
  readonly #origin: string;
  /** Names of which nobody can tell when they are bound. */
  readonly #loose: ReadonlySet<string>;

  constructor(origin: string, loose: ReadonlySet<string>) {
    this.#origin = origin;
    this.#loose = loose;
  }

  of(node: Syntax, scope: Scope): Shape {
    const own = this.#node(node, scope);
    const filtered = (node.predicate ?? []).reduce((shape, { expr }) => this.#filter(shape, expr, scope), own);
    return node.group && node.type !== 'path' ? this.#group(node.group, filtered, scope) : filtered;
  }

  #node(node: Syntax, scope: Scope): Shape {
    switch (node.type) {
      case 'path':
        return this.#path(node, scope);
      case 'variable':
        return variable(node.value, scope);
      case 'string':
        return ofKind('string');
      case 'number':
        return ofKind('number');
      case 'value':
        return ofKind(node.value === null ? 'null' : 'boolean');
      case 'name':
        return this.#field(scope.input, node.value, node.value);
      case 'binary':
        return this.#binary(node, scope);
      case 'unary':
        return this.#unary(node, scope);
      case 'condition':
        return this.#condition(node, scope);
      case 'block':
        return this.#block(node, scope);
      case 'bind':
        return this.of(node.rhs, scope);
      case 'function':
        return this.#call(node, [], scope);
      case 'apply':
        return this.#apply(node, scope);
      case 'lambda':
        return this.#lambda(node, scope);
      case 'partial':
        for (const argument of node.arguments) this.of(argument, scope);
        return unknown;
      default:
        return unknown;
    }
  }

  #path({ steps, keepSingletonArray, group }: Of<'path'>, scope: Scope): Shape {
    let at = scope.input;
    let inner = scope;
    for (const [index, step] of steps.entries()) {
      const start = at;
      const text = () => textOf(steps.slice(0, index + 1));
      at = this.#step(step, start, { inner, isFirst: index === 0, text });
      const bound = namesBoundBy(step);
      // Where a step is given a name, what comes behind it may go on from elsewhere.
      if (bound.length > 0) at = unknown;
      inner = withNames(inner, bound);
      for (const stage of step.stages ?? []) if (stage.type === 'filter') at = this.#filter(at, stage.expr, inner);
    }
    // JSONata walks over what is filtered out of a list that is written out, be it text, and ends where that is empty.
    if (steps[0] && isList(steps[0]) && steps[0].predicate) return unknown;
    const kept = keepSingletonArray ? withPresence(gathered(at), at.presence) : at;
    return group ? this.#group(group, kept, inner) : kept;
  }

  #step(
    step: Syntax,
    at: Shape,
    { inner, isFirst, text }: { readonly inner: Scope; readonly isFirst: boolean; readonly text: () => string },
  ): Shape {
    if (step.type === 'sort') return this.#sort(step, at, inner);
    if (step.type === 'name') return this.#field(at, step.value, text);
    // At the start these stand for themselves, whatever the input is.
    if (isFirst && step.type === 'variable') return this.of(step, inner);
    if (isFirst && isList(step)) return this.of(step, { ...inner, input: either(metIn(at), gathered(at)) });
    return walked(at, metIn, (input) => {
      const result = this.of(step, { ...inner, input });
      return canBe(result, 'array') ? someOf(result) : result;
    });
  }

  #sort({ terms }: Of<'sort'>, at: Shape, scope: Scope): Shape {
    for (const { expression } of terms) this.of(expression, { ...scope, input: elementsOf(at) });
    return someOf(at);
  }

  #field(at: Shape, name: string, text: string | (() => string)): Shape {
    return walked(at, elementsOf, (element) => {
      if (element.kinds.size === 0) return unknown;
      const isObject = canBe(element, 'object');
      const { shape, declared } = isObject ? element.member(name) : { shape: nothing, declared: false };
      if (declared === false && element.presence !== 'never')
        this.#lose(typeof text === 'string' ? text : text(), isObject ? element.names : []);
      const member = memberOf(element, shape);
      // In what the expression itself has made, lists still are what JSONata unwraps.
      return element.origin !== undefined && canBe(member, 'array') ? someOf(member) : member;
    });
  }

  #lose(path: string, instead: readonly string[]): void {
    if (!this.lost.has(path)) this.lost.set(path, { path, instead });
  }

  #filter(shape: Shape, condition: Syntax, scope: Scope): Shape {
    this.of(condition, { ...scope, input: elementsOf(shape) });
    return someOf(shape);
  }

  #group({ lhs }: NonNullable<Syntax['group']>, shape: Shape, scope: Scope): Shape {
    const input = either(metIn(shape), gathered(shape));
    for (const part of lhs.flat()) this.of(part, { ...scope, input });
    return perhaps(ofKind('object'));
  }

  #binary({ value, lhs, rhs }: Of<'binary'>, scope: Scope): Shape {
    const presence = together([this.of(lhs, scope), this.of(rhs, scope)]);
    if (value === '&') return ofKind('string');
    if (['=', '!=', 'and', 'or', 'in'].includes(value)) return ofKind('boolean');
    if (['<', '<=', '>', '>='].includes(value)) return withPresence(ofKind('boolean'), presence);
    if (['+', '-', '*', '/', '%'].includes(value)) return withPresence(ofKind('number'), presence);
    return value === '..' ? perhaps(listOf(ofKind('number'))) : unknown;
  }

  #unary(node: Of<'unary'>, scope: Scope): Shape {
    if (node.value === '{') return this.#object(node.lhs, scope);
    if (node.value === '[') return this.#list(node.expressions, scope);
    return withPresence(ofKind('number'), this.of(node.expression, scope).presence);
  }

  /** Over a list it is still one object, each of its values made of all items that have the key. */
  #object(pairs: readonly (readonly [Syntax, Syntax])[], { input, ...scope }: Scope): Shape {
    const context = canBe(input, 'array') ? someOf(input) : input;
    const fields = new Map<string, Shape>();
    let isOpen = false;
    for (const [key, value] of pairs) {
      const shape = madeAt(this.of(value, { ...scope, input: context }), this.#origin);
      if (key.type === 'string') fields.set(key.value, shape);
      else isOpen = true;
    }
    return madeAt(objectOf(fields, isOpen), this.#origin);
  }

  #list(expressions: readonly Syntax[], scope: Scope): Shape {
    const parts = expressions.map((each) => ({ each, shape: this.of(each, scope) }));
    const items = parts.map(({ each, shape }) => (isList(each) ? shape : elementsOf(shape)));
    const isFilled = parts.some(
      ({ each, shape }) => shape.presence === 'always' && (isList(each) || !canBe(shape, 'array') || shape.filled),
    );
    const present = items.filter(({ presence }) => presence !== 'never').map((item) => withPresence(item, 'always'));
    return madeAt(listOf(present.length === 0 ? nothing : present.reduce(either), isFilled), this.#origin);
  }

  /** `a ?: b`, `a ?? b` and `a ? a : b` have a value where `a` has one; whatever else a condition guards may be there. */
  #condition({ condition, then, else: otherwise }: Of<'condition'>, scope: Scope): Shape {
    this.of(condition, scope);
    const first = this.of(then, scope);
    const second = otherwise ? guarded(this.of(otherwise, scope)) : nothing;
    const asksForIt = condition.type === 'function' && isCallOf(condition, 'exists') && !scope.names.has('exists');
    const tested = asksForIt ? condition.arguments[0] : condition;
    if (!tested || !isSame(tested, then)) return either(guarded(first), second);
    if (first.presence === 'never') return second;
    return either(withPresence(tested === condition ? without(first, 'null') : first, 'always'), second);
  }

  #block({ expressions }: Of<'block'>, scope: Scope): Shape {
    let inner = scope;
    let last = nothing;
    for (const each of expressions) {
      last = this.of(each, inner);
      if (each.type === 'bind' && !this.#loose.has(each.lhs.value)) inner = withNames(inner, [[each.lhs.value, last]]);
    }
    return last;
  }

  #lambda(node: Of<'lambda'>, scope: Scope): Shape {
    const answer = this.of(node.body, withNames(scope, parametersOf(node)));
    return node.thunk ? answer : unknown;
  }

  #apply({ lhs, rhs }: Of<'apply'>, scope: Scope): Shape {
    if (rhs.type === 'function') return this.#call(rhs, [lhs], scope);
    this.of(lhs, scope);
    this.of(rhs, scope);
    return unknown;
  }

  #call({ procedure, arguments: rest }: Of<'function'>, first: readonly Syntax[], scope: Scope): Shape {
    const nodes = [...first, ...rest];
    const name = procedure.type === 'variable' && !scope.names.has(procedure.value) ? procedure.value : undefined;
    if (name === undefined) this.of(procedure, scope);
    const [source, each] = nodes;
    if (name === 'list' && source) return this.#listCall(this.of(source, scope), each, scope);
    const given = nodes.map((node) => this.of(node, scope));
    if (name === 'required' && given[0]) return withPresence(given[0], 'always');
    const kind = name === undefined ? undefined : resultKinds.get(name);
    if (name === undefined || kind === undefined) return unknown;
    return withPresence(ofKind(kind), alwaysAnswering.has(name) ? 'always' : togetherOrContext(given));
  }

  /** `$list(source, function($item, $index) { … })` */
  #listCall(source: Shape, each: Syntax | undefined, scope: Scope): Shape {
    const item = itemOf(source);
    const isFilled = source.presence === 'always' && (!canBe(source, 'array') || source.filled);
    if (!each) return listOf(item, isFilled);
    if (each.type !== 'lambda') {
      this.of(each, scope);
      return listOf(anything);
    }
    const [itemName, indexName] = parametersOf(each).map(([name]) => name);
    const names = [
      ...(itemName === undefined ? [] : [[itemName, item] as const]),
      ...(indexName === undefined ? [] : [[indexName, ofKind('number')] as const]),
    ];
    const answer = this.of(each.body, withNames(scope, names));
    return listOf(withPresence(answer, 'always'), isFilled && answer.presence === 'always');
  }
}
