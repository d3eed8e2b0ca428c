export { type Budget, defaultBudget, type Usage } from './budget.ts';
export { type CompileOptions, type EvaluateOptions, Expression, type Outcome } from './expression.ts';
export { JsonataError } from './failure.ts';
export { scan, type Token } from './front/scan.ts';
export type { NodeOf, Syntax } from './front/syntax.ts';
export type { FunctionValue, HostCall, HostFunction } from './host-function.ts';
export { acceptDecimals, type Decimal, type DecimalClass, ExactDecimal, readExactJson } from './value/decimal.ts';
export { jsonLength } from './value/json-length.ts';
