import type { Problem } from '@millrace/contract';
import type { Diagnostic } from '@millrace/jsonata/language';

/** What codes of the language are called in a flow; every other code is that of an evaluation that fails. */
const codes: Readonly<Record<string, string>> = {
  FIELD_UNKNOWN: 'SOURCE_UNKNOWN',
  NEVER_EQUAL: 'NEVER_EQUAL',
  D3122: 'EXPRESSION_EVAL_OFF',
};

/**
 * What is wrong with an expression as problems of a flow. Which names there are the flow itself checks.
 * @param pointer of the expression
 * @param certain whether every run comes here
 */
export function problemsIn(diagnostics: readonly Diagnostic[], pointer: string, certain: boolean): Problem[] {
  return diagnostics
    .filter(({ code }) => code !== 'VARIABLE_UNKNOWN')
    .map(({ code, message, hint, severity, from, to }) => ({
      code: codes[code] ?? 'OPERATION_IMPOSSIBLE',
      pointer,
      message,
      ...(hint !== undefined && { hint }),
      ...((severity === 'warning' || !certain) && { severity: 'warning' as const }),
      range: { from, to },
    }));
}
