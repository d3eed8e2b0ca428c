import type { Json, Problem } from '@millrace/contract';
import { Check } from 'typebox/value';
import { analyse } from '../analyse.ts';
import { compile } from '../compile.ts';
import { type Field, FieldMap } from '../field-map/field-map.ts';
import { fieldMapProblems, type Tree, treeOf } from '../field-map/tree.ts';
import { pathToText, type SourcePath } from '../source-path/source-path.ts';
import { compare } from './compare.ts';
import { infer, type LostPath } from './infer.ts';
import { shapeOfSchema, shapeOfValue } from './schema-shape.ts';
import { type Scope, withNames } from './scope.ts';
import {
  anything,
  either,
  itemOf,
  listOf,
  madeAt,
  objectBy,
  objectOf,
  ofKind,
  perhaps,
  type Shape,
  unknown,
  withPresence,
} from './shape.ts';

/** A field map or an expression, and the JSON Schema that its result must fit; as a map node's config has them. */
export interface Mapping {
  readonly fields?: Json;
  readonly expression?: Json;
  readonly target?: Json;
}

/** What is known of what a mapping reads. Of several schemas the data fits one; without any, nothing is known. */
export interface MappingSources {
  /** `$` */
  readonly input?: readonly Json[] | undefined;
  /** `$trigger.body` */
  readonly trigger?: readonly Json[] | undefined;
  /** `$steps.<node>` */
  output(node: string): readonly Json[] | undefined;
  /** `$params` */
  readonly params?: Json | undefined;
}

/**
 * Checks a mapping against the JSON Schemas on both sides. What fails in every run is an error: TARGET_REQUIRED (nothing
 * makes a field that the target requires), TARGET_TYPE (kinds of values that cannot fit), TARGET_UNKNOWN (a field that
 * the target does not allow), and everything wrong with a field map for itself. What may be right is a warning: the same
 * where it depends on the data, and SOURCE_UNKNOWN (a path to what the source does not declare). Where a side is not
 * known nothing is said. Texts that do not parse are left to {@link analyse}.
 * @returns problems with JSON Pointers into the mapping
 */
export function checkMapping(mapping: Mapping, sources: MappingSources): readonly Problem[] {
  try {
    return problemsOf(mapping, sources);
  } catch (thrown) {
    // Nested so deeply that it cannot be looked through: then nothing is known of it.
    if (thrown instanceof RangeError) return [];
    throw thrown;
  }
}

function problemsOf(mapping: Mapping, sources: MappingSources): readonly Problem[] {
  const made = shapeMadeBy(mapping, scopeOf(sources));
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

function scopeOf({ input, trigger, output, params }: MappingSources): Scope {
  const root = shapeOfAny(input);
  const names = new Map([
    ['trigger', objectBy((name) => (name === 'body' ? shapeOfAny(trigger) : unknown))],
    ['steps', objectBy((name) => perhaps(shapeOfAny(output(name))))],
    ...(params === undefined ? [] : [['params', parameters(params)] as const]),
  ]);
  return { input: root, root, names };
}

function shapeOfAny(schemas: readonly Json[] | undefined): Shape {
  const [first, ...others] = schemas?.map(shapeOfSchema) ?? [];
  return first ? others.reduce(either, first) : anything;
}

/** A parameter that need not be set may have a default. */
function parameters(schema: Json): Shape {
  const shape = shapeOfSchema(schema);
  const member = (name: string) => {
    const declared = shape.member(name);
    return { ...declared, shape: perhaps(declared.shape) };
  };
  return { ...shape, member };
}

/** Goes through the lines of a mapping, and notes which of their paths lead nowhere. */
class Lines {
  readonly problems: Problem[] = [];

  fields(fields: FieldMap, scope: Scope, at: string): Shape {
    const placed = fields.map((field, index) => ({ ...field, at: `${at}/${index}` }));
    return this.#tree(treeOf(placed), scope, at);
  }

  text(text: string, scope: Scope, at: string): Shape {
    if (analyse(text).error) return anything;
    const { shape, lost } = infer(compile(text).syntax, scope, at);
    this.problems.push(...lost.map((path) => lostProblem(path, at)));
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
  #list(each: string | SourcePath, fields: FieldMap, scope: Scope, at: string): Shape {
    const source = this.#source(each, scope, `${at}/each`);
    const item = itemOf(source);
    const inner = withNames({ ...scope, input: item }, [
      ['item', item],
      ['index', ofKind('number')],
    ]);
    const made = this.fields(fields, inner, `${at}/fields`);
    const isFilled = source.presence === 'always' && (source.filled || !source.kinds.has('array'));
    return madeAt(listOf(withPresence(made, 'always'), isFilled && made.presence === 'always'), at);
  }

  #source(source: string | SourcePath, scope: Scope, at: string): Shape {
    return this.text(typeof source === 'string' ? source : pathToText(source), scope, at);
  }
}

type PlacedField = Field & { readonly at: string };

function orElse(source: Shape, otherwise: Shape): Shape {
  if (source.presence === 'always') return source;
  return either(source.presence === 'never' ? otherwise : withPresence(source, 'always'), otherwise);
}

function lostProblem({ path, instead }: LostPath, pointer: string): Problem {
  const shown = instead.slice(0, 10).map((name) => `“${name}”`);
  const hint = `There ${shown.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${instead.length > 10 ? ', …' : ''}.`;
  const message = `“${path}” leads nowhere: what comes in declares no such field.`;
  return { code: 'SOURCE_UNKNOWN', pointer, message, severity: 'warning', ...(shown.length > 0 && { hint }) };
}
