import type { Json } from '@millrace/contract';
import Type, { type TSchema, type TUnsafe } from 'typebox';
import { SourcePath } from '../source-path/source-path.ts';

/** One line of a mapping: what one place of the target is made of. */
export interface Field {
  /**
   * Names from the outside in, joined by dots: `header.order_date`. A name with a dot or quote in it is written as a
   * JSON string: `header."a.b"`. The empty text is the whole target, or inside `each` the whole item.
   */
  readonly to: string;
  /** JSONata, or a path in another notation; without it the `default` is a fixed value. */
  readonly from?: string | SourcePath;
  /** The same for a list; the target is always a list, one item for each, made by `fields`. */
  readonly each?: string | SourcePath;
  /** Made with `$item` and `$` the item and `$index` its place from 0. */
  readonly fields?: FieldMap;
  /** Value where the source has none. `null` in the source is a value. */
  readonly default?: Json;
  /** Without a value the mapping fails with FIELD_REQUIRED and the pointer to the target. */
  readonly required?: boolean;
}
export type FieldMap = readonly Field[];

/** Lists inside lists that a field map can make. */
const maxDepth = 8;

/** JSON Schema of a field map, marked `format: 'field-map'` for forms; written out to its depth, without `$ref`. */
export const FieldMap: TUnsafe<FieldMap> = Type.Unsafe<FieldMap>(fieldMapSchema(maxDepth));

function source(title: string): TSchema {
  return Type.Union([Type.String({ title: 'JSONata', format: 'jsonata' }), SourcePath], { title });
}

function fieldMapSchema(depth: number): TSchema {
  const field = Type.Object(
    {
      to: Type.String({ title: 'Target', maxLength: 1000 }),
      from: Type.Optional(source('Source')),
      each: Type.Optional(source('For each of')),
      ...(depth > 1 && { fields: Type.Optional(fieldMapSchema(depth - 1)) }),
      default: Type.Optional(Type.Unknown({ title: 'Where the source has none' })),
      required: Type.Optional(Type.Boolean({ title: 'Required' })),
    },
    { additionalProperties: false },
  );
  return Type.Array(field, { title: 'Fields', format: 'field-map' });
}
