import type { Activation, Schedule } from '@millrace/contract';
import { nextTime, readRule } from '@millrace/schedule';
import { sql } from 'kysely';
import type { Tx } from '../postgres/database.ts';
import { replaceSubscriptions } from '../postgres/events/replace-subscriptions.ts';
import type { Deployment } from '../postgres/flows/deployments.ts';
import { type NewSchedule, replaceSchedules } from '../postgres/schedules/replace-schedules.ts';
import { type NewSource, replaceSources } from '../postgres/sources/replace-sources.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { ActivatedTrigger } from './activations.ts';

/**
 * Derives what a deployment makes happen by itself, in the deployment's own transaction, in place of what the one before
 * it made: schedules, polled sources and subscriptions to events.
 * @throws {MillraceError} `SCHEDULE_INVALID`
 */
export async function replaceTriggers(
  tx: Tx,
  deployment: Deployment,
  tenant: Tenant,
  triggers: readonly ActivatedTrigger[],
): Promise<void> {
  const now = await timeOf(tx);
  await replaceSchedules(
    tx,
    deployment,
    ofKind(triggers, 'schedule').map((one) => scheduleOf(one, tenant, now)),
  );
  await replaceSources(
    tx,
    deployment,
    ofKind(triggers, 'source').map((one) => sourceOf(one, deployment)),
  );
  const events = ofKind(triggers, 'event').map(({ node, activation: { topic } }) => ({ node, topic }));
  await replaceSubscriptions(tx, deployment, events);
}

type Kind = Activation['kind'];
type Triggered<K extends Kind> = ActivatedTrigger & { readonly activation: Extract<Activation, { kind: K }> };

function ofKind<K extends Kind>(triggers: readonly ActivatedTrigger[], kind: K): Triggered<K>[] {
  return triggers.filter((trigger): trigger is Triggered<K> => trigger.activation.kind === kind);
}

function scheduleOf({ node, activation }: Triggered<'schedule'>, tenant: Tenant, now: Date): NewSchedule {
  const { kind, payload = {}, timeZone = tenant.timeZone, ...schedule }: Schedule = activation;
  const next = nextTime(readRule(schedule.rule), timeZone, now);
  return { ...schedule, node, timeZone, payload, nextAt: next?.toISOString() ?? null };
}

function sourceOf({ node, type, slot, activation }: Triggered<'source'>, { connections }: Deployment): NewSource {
  const connection = slot === undefined ? undefined : connections[slot];
  return { node, type, connection: connection ?? null, everyMs: activation.everyMs };
}

async function timeOf(tx: Tx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select millrace.now() as now`.execute(tx);
  return (rows[0] as { now: Date }).now;
}
