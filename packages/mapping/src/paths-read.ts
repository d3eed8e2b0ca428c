import type { Syntax } from '@millrace/jsonata';
import { children } from './analyse.ts';
import { compile } from './compile.ts';
import { nameText } from './source-path/name-text.ts';

/** A place in the data that an expression reads; lists on the way are not told. */
export interface PathRead {
  /** What the names go on from: the input `$` is empty, the whole input `$$` is `$`, `$steps` is `steps`. */
  readonly root: string;
  readonly names: readonly string[];
}

/**
 * Every place that an expression reads, once each, in the order of the text; nothing of a text that is no expression.
 * What goes through a computed value is told as far as it is read by name.
 */
export function pathsRead(text: string): readonly PathRead[] {
  const reader = new PathReader();
  try {
    const { syntax } = compile(text);
    reader.use(reader.read(syntax, input, new Map()));
  } catch {
    return [];
  }
  return [...reader.found.values()];
}

/** A place as JSONata: `header.currency`, `$steps.check`, `$$`. */
export function placeText({ root, names }: PathRead): string {
  const start = root === '' ? (names.length === 0 ? ['$'] : []) : [`$${root}`];
  return [...start, ...names.map(nameText)].join('.');
}

type Place = PathRead | undefined;
type Names = ReadonlyMap<string, Place>;

const input: PathRead = { root: '', names: [] };

/** Follows what `$` and the variables stand for. */
class PathReader {
  readonly found = new Map<string, PathRead>();

  use(place: Place): void {
    if (place) this.found.set(JSON.stringify([place.root, place.names]), place);
  }

  /** Notes what is read inside of the node. @returns the place that it is itself, where it is one */
  read(node: Syntax, at: Place, names: Names): Place {
    const place = this.#place(node, at, names);
    for (const { expr } of node.predicate ?? []) this.use(this.read(expr, place, names));
    if (!node.group) return place;
    for (const child of node.group.lhs.flat()) this.use(this.read(child, place, names));
    return undefined;
  }

  #place(node: Syntax, at: Place, names: Names): Place {
    switch (node.type) {
      case 'path':
        return this.#path(node.steps, at, names);
      case 'name':
        return at && { ...at, names: [...at.names, node.value] };
      case 'variable':
        return this.#variable(node.value, at, names);
      case 'block':
        return this.#block(node.expressions, at, names);
      case 'function':
      case 'partial':
        return this.#call(node.arguments, at, names);
      case 'lambda':
        this.use(this.read(node.body, at, withNames(names, node.arguments, [])));
        return undefined;
      case 'sort':
        for (const { expression } of node.terms) this.use(this.read(expression, at, names));
        return at;
      default:
        for (const child of children(node)) this.use(this.read(child, at, names));
        return undefined;
    }
  }

  #path(steps: readonly Syntax[], at: Place, names: Names): Place {
    let place = at;
    const known = new Map(names);
    for (const step of steps) {
      place = this.read(step, place, known);
      if (step.focus !== undefined) known.set(step.focus, place);
      for (const stage of step.stages ?? []) if (stage.type === 'filter') this.use(this.read(stage.expr, place, known));
    }
    return place;
  }

  #variable(name: string, at: Place, names: Names): Place {
    if (name === '') return at;
    return names.has(name) ? names.get(name) : { root: name, names: [] };
  }

  #block(expressions: readonly Syntax[], at: Place, names: Names): Place {
    const known = new Map(names);
    let last: Place;
    for (const [index, each] of expressions.entries()) {
      last = each.type === 'bind' ? this.read(each.rhs, at, known) : this.read(each, at, known);
      if (each.type === 'bind') known.set(each.lhs.value, last);
      else if (index < expressions.length - 1) this.use(last);
    }
    return last;
  }

  /** A function that is given to another one gets the items of what is given before it. */
  #call(args: readonly Syntax[], at: Place, names: Names): Place {
    let list: Place;
    for (const argument of args) {
      if (argument.type === 'lambda') {
        this.use(this.read(argument.body, at, withNames(names, argument.arguments, [list])));
        continue;
      }
      list = this.read(argument, at, names);
      this.use(list);
    }
    return undefined;
  }
}

function withNames(names: Names, parameters: readonly { readonly value: string }[], places: readonly Place[]): Names {
  return new Map([...names, ...parameters.map(({ value }, index) => [value, places[index]] as const)]);
}
