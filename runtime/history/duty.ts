import type { Database } from '../postgres/database.ts';
import { claimDuty, returnDuty } from '../postgres/history/claim-duty.ts';

export interface Duty {
  readonly name: string;
  readonly everyMs: number;
  work(): Promise<unknown>;
}

/** Does the work if it is due and no other process has taken it on. What fails is due again at once. */
export async function asDuty(database: Database, { name, everyMs, work }: Duty): Promise<void> {
  if (!(await database.asScanner((tx) => claimDuty(tx, name, everyMs)))) return;
  try {
    await work();
  } catch (error) {
    await database.asScanner((tx) => returnDuty(tx, name));
    throw error;
  }
}
