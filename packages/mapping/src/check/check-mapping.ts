import type { Json, Problem } from '@millrace/contract';
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
  shapeOfSchema,
  shapeOfValue,
  withPresence,
} from '@millrace/jsonata/language';
import { Check } from 'typebox/value';
import { analyse } from '../analyse.ts';
import { compile } from '../compile.ts';
import { type Field, FieldMap } from '../field-map/field-map.ts';
import { fieldMapProblems, type Tree, treeOf } from '../field-map/tree.ts';
import { pathToText, type SourcePath } from '../source-path/source-path.ts';
import { environmentOf, type Sources } from '../sources.ts';
import { compare } from './compare.ts';
import { problemsIn } from './problems.ts';

/** A field map or an expression, and the JSON Schema that its result must fit; as a map node's config has them. */
export interface Mapping {
  readonly fields?: Json;
  readonly expression?: Json;
  readonly target?: Json;
}

/**
 * Checks a mapping against the JSON Schemas on both sides. What fails in every run is an error: TARGET_REQUIRED (nothing
 * makes a field that the target requires), TARGET_TYPE (kinds of values that cannot fit), TARGET_UNKNOWN (a field that
 * the target does not allow), and everything wrong with a field map for itself. What may be right is a warning: the same
 * where it depends on the data, SOURCE_UNKNOWN (a path to what the source does not declare) and NEVER_EQUAL.
 * OPERATION_IMPOSSIBLE (such as arithmetic with text) is either. Where a side is not known nothing is said. Texts that do
 * not parse are left to {@link analyse}.
 * @returns problems with JSON Pointers into the mapping
 */
export function checkMapping(mapping: Mapping, sources: Sources): readonly Problem[] {
  try {
    return problemsOf(mapping, sources);
  } catch (thrown) {
    // Nested so deeply that it cannot be looked through: then nothing is known of it.
    if (thrown instanceof RangeError) return [];
    throw thrown;
  }
}

function problemsOf(mapping: Mapping, sources: Sources): readonly Problem[] {
  const made = shapeMadeBy(mapping, { environment: environmentOf(sources), certain: true });
  if (!made) return [];
  const { shape, problems } = made;
  if (!shape || mapping.target === undefined) return problems;
  return [...problems, ...compare(shape, shapeOfSchema(mapping.target), shape.origin ?? '')];
}

interface Made {
  /** Absent where the mapping cannot run at all. */
  readonly shape?: Shape;
  readonly problems: readonly Problem[];
}

/** What a line of a mapping sees. */
interface Scope {
  readonly environment: Environment;
  /** Every run comes here. */
  readonly certain: boolean;
}

function shapeMadeBy({ fields, expression }: Mapping, scope: Scope): Made | undefined {
  if (typeof expression === 'string' && fields === undefined) {
    const line = new Lines();
    return { shape: madeAt(line.text(expression, scope, '/expression'), '/expression'), problems: line.problems };
  }
  if (expression !== undefined || !Check(FieldMap, fields)) return undefined;
  const wrong = fieldMapProblems(fields, '/fields');
  if (wrong.length > 0) return { problems: wrong.filter(({ code }) => code !== 'EXPRESSION_PARSE') };
  const lines = new Lines();
  return { shape: lines.fields(fields, scope, '/fields'), problems: lines.problems };
}

/** Goes through the lines of a mapping, and notes what is wrong with their texts. */
class Lines {
  readonly problems: Problem[] = [];

  fields(fields: FieldMap, scope: Scope, at: string): Shape {
    const placed = fields.map((field, index) => ({ ...field, at: `${at}/${index}` }));
    return this.#tree(treeOf(placed), scope, at);
  }

  text(text: string, { environment, certain }: Scope, at: string): Shape {
    if (analyse(text).error) return anything;
    const { shape, diagnostics } = analyseTypes(compile(text).expression, { ...environment, origin: at });
    this.problems.push(...problemsIn(diagnostics, at, certain));
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

  /** The places in a text that a path becomes are not those that people have written. */
  #source(source: string | SourcePath, scope: Scope, at: string): Shape {
    if (typeof source === 'string') return this.text(source, scope, at);
    const before = this.problems.length;
    const shape = this.text(pathToText(source), scope, at);
    for (const { range, ...problem } of this.problems.splice(before)) this.problems.push(problem);
    return shape;
  }
}

type PlacedField = Field & { readonly at: string };

/** What the lines under an `each` see. */
function perItem(environment: Environment, item: Shape): Environment {
  const { input, root = input, bindings } = environment;
  const own = { item: { shape: item }, index: { shape: ofKind('number') } };
  return { ...environment, input: item, root, bindings: { ...bindings, ...own } };
}

function orElse(source: Shape, otherwise: Shape): Shape {
  if (source.presence === 'always') return source;
  return either(source.presence === 'never' ? otherwise : withPresence(source, 'always'), otherwise);
}
