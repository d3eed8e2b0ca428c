import type { Problem } from '@millrace/contract';
import { FieldMap } from '@millrace/mapping';
import { Value } from 'typebox/value';

/** What keeps a layer from being lines of a field map at all; whether they make sense shows when they are laid over others. */
export function layerProblems(fields: unknown, at: string): Problem[] {
  return Value.Errors(FieldMap, fields).map(({ instancePath, message }) => ({
    code: 'MAPPING_LINES_INVALID',
    pointer: at + instancePath,
    message: `The line does not fit: it ${message}.`,
  }));
}
