import { ruleCodes } from './rules.ts';

/** Codes under which Millrace itself raises alerts, and closes them when they are over. */
export const reservedCodes: ReadonlySet<string> = new Set([
  ...ruleCodes,
  'STEP_FAILING',
  'WAIT_OVERDUE',
  'SOURCE_FAILING',
]);
