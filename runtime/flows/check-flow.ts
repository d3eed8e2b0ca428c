import { type CatalogueDescription, MillraceError } from '@millrace/contract';
import { validateFlow } from '@millrace/flow';
import { analyse } from '@millrace/mapping';

/** @throws {MillraceError} `FLOW_INVALID` with every problem */
export function checkFlow(document: unknown, types: CatalogueDescription): void {
  const problems = validateFlow(document, types, analyse);
  if (problems.length === 0) return;
  const [first] = problems;
  const others = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new MillraceError('FLOW_INVALID', `The flow cannot run: ${first?.message}${others}`, {
    problems,
    ...(first && { pointer: first.pointer }),
  });
}
