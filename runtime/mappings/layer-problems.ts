import type { Problem } from '@millrace/contract';
import { schemaProblems } from '@millrace/flow';
import { FieldMap } from '@millrace/mapping';

/** What keeps a layer from being lines of a field map at all; whether they make sense shows when they are laid over others. */
export function layerProblems(fields: unknown, at: string): readonly Problem[] {
  return schemaProblems(FieldMap, fields, 'MAPPING_LINES_INVALID', at);
}
