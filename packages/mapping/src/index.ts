export { type Analysis, analyse } from './analyse.ts';
export { type ExpressionTask, evaluate } from './evaluate.ts';
export { type Field, FieldMap } from './field-map/field-map.ts';
export { fieldsToText } from './field-map/fields-to-text.ts';
export { textToFields } from './field-map/text-to-fields.ts';
export { fieldMapProblems } from './field-map/tree.ts';
export { LeastRecentlyUsed } from './least-recently-used.ts';
