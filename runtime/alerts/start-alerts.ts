import { repeat } from '../engine/repeat.ts';
import { asDuty } from '../history/duty.ts';
import { type DeliveryServices, deliverAlerts } from './deliver.ts';
import { evaluateRules } from './evaluate-rules.ts';

const lookPauseMs = 5_000;
const rulesEveryMs = 30_000;
const deliverPauseMs = 2_000;

export interface Alerts {
  /** Looks now whether something is wrong, if that is due, and tells what is to be told. */
  now(): Promise<void>;
  /** Ends after the present work. */
  stop(): Promise<void>;
}

/** Watches over the instance and tells people, for all processes that share the database: one looks, each alert is told once. */
export function startAlerts(services: DeliveryServices): Alerts {
  const { database, log } = services;
  const duty = { name: 'alerts', everyMs: rulesEveryMs, work: () => evaluateRules(database) };
  const rules = repeat('looking for trouble', lookPauseMs, () => asDuty(database, duty), log);
  const deliveries = repeat('delivering alerts', deliverPauseMs, () => deliverAlerts(services), log);
  return {
    async now() {
      await rules.now();
      await deliveries.now();
    },
    async stop() {
      await Promise.all([rules.stop(), deliveries.stop()]);
    },
  };
}
