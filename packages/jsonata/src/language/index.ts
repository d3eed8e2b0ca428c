export { type Analysis, analyse, type OpenField, type Source } from './analyse.ts';
export { builtInFunctions } from './built-ins.ts';
export { type Completion, type Completions, completionsAt } from './complete.ts';
export type { Diagnostic } from './diagnostics.ts';
export { itemOf } from './elements.ts';
export type { Binding, Environment } from './environment.ts';
export type {
  CallsBack,
  DocsByName,
  FunctionCall,
  FunctionDocs,
  FunctionExample,
  FunctionKnowledge,
} from './functions.ts';
export { type Hover, hoverAt } from './hover.ts';
export { givenAll } from './infer/walk.ts';
export type { Range } from './ranges.ts';
export { shapeOfSchema, shapeOfValue } from './schema-shape.ts';
export * from './shape.ts';
export { inWords } from './words.ts';
