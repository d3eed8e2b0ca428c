import type { Foundation } from '../engine/engine.ts';
import { type Repetition, repeat } from '../engine/repeat.ts';
import { asDuty } from '../history/duty.ts';
import { dropPreviousSecrets } from './rotate-secret.ts';

const lookPauseMs = 5_000;
const everyMs = 15_000;

/** Takes away previous secrets in time, for all processes that share the database. */
export function startConnectionUpkeep(
  services: Pick<Foundation, 'database' | 'catalogue' | 'masterKeys' | 'log'>,
): Repetition {
  const duty = { name: 'previous secrets', everyMs, work: () => dropPreviousSecrets(services) };
  return repeat('taking away previous secrets', lookPauseMs, () => asDuty(services.database, duty), services.log);
}
