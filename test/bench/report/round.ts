import type { Limits } from '../limits/limits.ts';
import type { Cell, Series } from '../measurements/cell.ts';
import type { CommerceFigures } from '../measurements/commerce.ts';
import type { SystemName } from '../systems/system.ts';
import type { TenantsFigures } from '../tenants/figures.ts';

/** What was measured in one round. */
export interface Round {
  readonly limits?: Limits;
  readonly commerce?: CommerceFigures;
  readonly tenants?: readonly TenantsFigures[];
  readonly cells: readonly Cell[];
}

/** A cell by what it is; Millrace's unless another system is named. */
export function findCell(
  cells: readonly Cell[],
  series: Series,
  size: number,
  { inFlight, system = 'Millrace' }: { readonly inFlight?: number; readonly system?: SystemName } = {},
): Cell | undefined {
  return cells.find(
    (cell) =>
      cell.series === series &&
      cell.size === size &&
      cell.system === system &&
      (inFlight === undefined || cell.inFlight === inFlight),
  );
}
