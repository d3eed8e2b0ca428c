import type { JsonObject } from '@millrace/contract';
import type { Delivery } from '../postgres/alerts/deliveries.ts';
import type { Mail } from './send-mail.ts';

export type Told = Pick<Delivery, 'alert' | 'tenantName' | 'code' | 'severity' | 'message' | 'flowId' | 'runId' | 'at'>;

const longestSubject = 150;

/** An alert as it is mailed to all addresses of a channel; it has the same id at every attempt. */
export function mailOf(delivery: Delivery & { readonly kind: 'email' }): Mail {
  const messageId = `<${delivery.alert}.${delivery.channel}@millrace>`;
  return { to: delivery.config.to, messageId, ...mailText(delivery) };
}

/** An alert as an e-mail. */
export function mailText(told: Told): { subject: string; text: string } {
  const { tenantName, code, severity, message, flowId, runId, at } = told;
  const about = [
    `Tenant: ${tenantName}`,
    ...(flowId === null ? [] : [`Flow: ${flowId}`]),
    ...(runId === null ? [] : [`Run: ${runId}`]),
    `Code: ${code}`,
    `Severity: ${severity}`,
    `Since: ${at.toISOString()}`,
  ];
  const subject = `Millrace, ${severity}: ${oneLine(message)}`;
  return { subject: shortened(subject), text: `${message}\n\n${about.join('\n')}\n` };
}

/** An alert as the body of a webhook, in the form that Standard Webhooks recommends. */
export function webhookBody({ alert, tenantName, code, severity, message, flowId, runId, at }: Told): JsonObject {
  return {
    type: 'alert.raised',
    timestamp: at.toISOString(),
    data: { id: alert, tenant: tenantName, code, severity, message, flow: flowId, run: runId },
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

function shortened(text: string): string {
  return text.length <= longestSubject ? text : `${text.slice(0, longestSubject - 1).toWellFormed()}…`;
}
