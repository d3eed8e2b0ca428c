import type { Json, Problem } from '@millrace/contract';
import { madeAt, type Shape, shapeOfSchema } from '@millrace/jsonata/language';
import { Check } from 'typebox/value';
import { FieldMap } from '../field-map/field-map.ts';
import { fieldMapProblems } from '../field-map/tree.ts';
import { environmentOf, type Sources } from '../sources.ts';
import { compare } from './compare.ts';
import { Lines, type OpenField, type Scope } from './lines.ts';

/** A field map or an expression, and the JSON Schema that its result must fit; as a map node's config has them. */
export interface Mapping {
  readonly fields?: Json;
  readonly expression?: Json;
  readonly target?: Json;
}

/** What is found out about expressions from the types of what they see. */
export interface Examined {
  /** With JSON Pointers into what was examined. */
  readonly problems: readonly Problem[];
  /** Fields of which nobody can tell whether they are there. */
  readonly open: readonly OpenField[];
}

const nothing: Examined = { problems: [], open: [] };

/**
 * Holds a mapping against the JSON Schemas on both sides. What fails in every run is an error: TARGET_REQUIRED (nothing
 * makes a field that the target requires), TARGET_TYPE (kinds of values that cannot fit), TARGET_UNKNOWN (a field that
 * the target does not allow), and everything wrong with a field map for itself. What may be right is a warning: the same
 * where it depends on the data, SOURCE_UNKNOWN (a path to what the source does not declare) and NEVER_EQUAL.
 * OPERATION_IMPOSSIBLE (such as arithmetic with text) is either. Where a side is not known nothing is said. Texts that do
 * not parse are left to `analyse`.
 */
export function examineMapping(mapping: Mapping, sources: Sources): Examined {
  return unlessTooDeep(() => {
    const { shape, problems, open } = examineTexts(mapping, { environment: environmentOf(sources), certain: true });
    if (!shape || mapping.target === undefined) return { problems, open };
    return { problems: [...problems, ...compare(shape, shapeOfSchema(mapping.target), shape.origin ?? '')], open };
  });
}

/** Looks for the same in an expression that stands for itself: SOURCE_UNKNOWN, NEVER_EQUAL, OPERATION_IMPOSSIBLE. */
export function examineExpression(text: string, sources: Sources): Examined {
  return unlessTooDeep(() => {
    const lines = new Lines();
    lines.text(text, { environment: environmentOf(sources), certain: true }, '');
    return lines;
  });
}

/** Of what is nested so deeply that it cannot be looked through nothing is known. */
function unlessTooDeep(look: () => Examined): Examined {
  try {
    return look();
  } catch (thrown) {
    if (thrown instanceof RangeError) return nothing;
    throw thrown;
  }
}

interface ExaminedTexts extends Examined {
  /** What they make; absent where the mapping cannot run at all. */
  readonly shape?: Shape;
}

function examineTexts({ fields, expression }: Mapping, scope: Scope): ExaminedTexts {
  const lines = new Lines();
  if (typeof expression === 'string' && fields === undefined) {
    const shape = lines.text(expression, scope, '/expression');
    return { shape: madeAt(shape, '/expression'), problems: lines.problems, open: lines.open };
  }
  if (expression !== undefined || !Check(FieldMap, fields)) return nothing;
  const wrong = fieldMapProblems(fields, '/fields');
  if (wrong.length > 0) return { problems: wrong.filter(({ code }) => code !== 'EXPRESSION_PARSE'), open: [] };
  return { shape: lines.fields(fields, scope, '/fields'), problems: lines.problems, open: lines.open };
}
