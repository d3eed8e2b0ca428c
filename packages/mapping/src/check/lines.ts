import type { Problem } from '@millrace/contract';
import {
  analyse as analyseTypes,
  anything,
  type Environment,
  either,
  itemOf,
  listOf,
  madeAt,
  objectOf,
  ofKind,
  type Shape,
  shapeOfValue,
  withPresence,
} from '@millrace/jsonata/language';
import { analyse } from '../analyse.ts';
import { compile } from '../compile.ts';
import type { Field, FieldMap } from '../field-map/field-map.ts';
import { type Tree, treeOf } from '../field-map/tree.ts';
import { pathToText, type SourcePath } from '../source-path/source-path.ts';
import { problemsIn } from './problems.ts';

/** What a text of a mapping sees. */
export interface Scope {
  readonly environment: Environment;
  /** Every run comes here. */
  readonly certain: boolean;
}

/** A field that is read from what nothing is known of. */
export interface OpenField extends Pick<Problem, 'pointer' | 'range'> {
  readonly name: string;
}

/** Goes through the texts of a mapping, and notes what is wrong with them. */
export class Lines {
  readonly problems: Problem[] = [];
  readonly open: OpenField[] = [];

  fields(fields: FieldMap, scope: Scope, at: string): Shape {
    const placed = fields.map((field, index) => ({ ...field, at: `${at}/${index}` }));
    return this.#tree(treeOf(placed), scope, at);
  }

  text(text: string, { environment, certain }: Scope, at: string): Shape {
    if (analyse(text).error) return anything;
    const { shape, diagnostics, openFields } = analyseTypes(compile(text).expression, { ...environment, origin: at });
    this.problems.push(...problemsIn(diagnostics, at, certain));
    this.open.push(...openFields.map(({ name, from, to }) => ({ name, pointer: at, range: { from, to } })));
    return shape;
  }

  #tree(tree: Tree<PlacedField>, scope: Scope, at: string): Shape {
    if (!(tree instanceof Map)) return this.#field(tree, scope);
    const members = [...tree].map(([name, inner]) => [name, this.#tree(inner, scope, at)] as const);
    return madeAt(objectOf(new Map(members)), at);
  }

  #field({ at, each, fields = [], from, default: otherwise, required }: PlacedField, scope: Scope): Shape {
    if (each !== undefined) return this.#list(each, fields, scope, at);
    if (from === undefined) return madeAt(shapeOfValue(otherwise ?? null), `${at}/default`);
    const source = this.#source(from, scope, `${at}/from`);
    const given = otherwise === undefined ? source : orElse(source, shapeOfValue(otherwise));
    return madeAt(required ? withPresence(given, 'always') : given, `${at}/from`);
  }

  /** A list without a source is empty, so it is always there. */
  #list(each: string | SourcePath, fields: FieldMap, { environment, certain }: Scope, at: string): Shape {
    const source = this.#source(each, { environment, certain }, `${at}/each`);
    const isFilled = source.presence === 'always' && (source.filled || !source.kinds.has('array'));
    const inner = { environment: perItem(environment, itemOf(source)), certain: certain && isFilled };
    const made = this.fields(fields, inner, `${at}/fields`);
    return madeAt(listOf(withPresence(made, 'always'), isFilled && made.presence === 'always'), at);
  }

  #source(source: string | SourcePath, scope: Scope, at: string): Shape {
    if (typeof source === 'string') return this.text(source, scope, at);
    const written = new Lines();
    const shape = written.text(pathToText(source), scope, at);
    // The places in a text that a path becomes are not those that people have written.
    this.problems.push(...written.problems.map(({ range, ...problem }) => problem));
    this.open.push(...written.open.map(({ range, ...field }) => field));
    return shape;
  }
}

type PlacedField = Field & { readonly at: string };

/** What the lines under an `each` see. */
export function perItem(environment: Environment, item: Shape): Environment {
  const { input, root = input, bindings } = environment;
  const own = { item: { shape: item }, index: { shape: ofKind('number') } };
  return { ...environment, input: item, root, bindings: { ...bindings, ...own } };
}

function orElse(source: Shape, otherwise: Shape): Shape {
  if (source.presence === 'always') return source;
  return either(source.presence === 'never' ? otherwise : withPresence(source, 'always'), otherwise);
}
