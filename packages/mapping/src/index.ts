export { type Analysis, analyse } from './analyse.ts';
export { type Examined, examineExpression, examineMapping, type Mapping } from './check/examine.ts';
export type { OpenField } from './check/lines.ts';
export { tablesNamed } from './code-tables.ts';
export {
  type Completion,
  type Completions,
  canBe,
  completionsAt,
  type Diagnostic,
  dataKinds,
  diagnosticsOf,
  type Environment,
  type Hover,
  hoverAt,
  type Kind,
  type Shape,
  shapeOfSchema,
  shapeOfValue,
} from './editor.ts';
export { backtracks, type ExpressionTask, evaluate, type Limits } from './evaluate.ts';
export { type Field, FieldMap } from './field-map/field-map.ts';
export { fieldsToText } from './field-map/fields-to-text.ts';
export { environmentInside } from './field-map/inside.ts';
export { namesOf, targetOf } from './field-map/target.ts';
export { textToFields } from './field-map/text-to-fields.ts';
export { fieldMapProblems } from './field-map/tree.ts';
export type { CodeTable, CodeTables, CodeValue } from './functions/lookup.ts';
export { keepLists } from './keep-lists.ts';
export { mergeLayers } from './layers/merge-layers.ts';
export { compareVersions, type Negotiated, negotiate, newestFirst, statusOn } from './layers/negotiate.ts';
export { LeastRecentlyUsed } from './least-recently-used.ts';
export { type PathRead, pathsRead, placeText } from './paths-read.ts';
export { type Found, followPath } from './plain-path.ts';
export { pathToText, SourcePath } from './source-path/source-path.ts';
export { environmentOf, type Sources } from './sources.ts';
export { type Reason, type WhereItRuns, whereItRuns } from './where-it-runs.ts';
