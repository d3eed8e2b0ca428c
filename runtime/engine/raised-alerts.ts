import { type Alerts, MillraceError } from '@millrace/contract';
import { reservedCodes } from '../alerts/codes.ts';
import type { NewAlert } from '../postgres/commit/burst-writes.ts';
import type { TakenRun } from '../postgres/runs/take-runs.ts';

/** The alerts that a burst's steps raise and close; kept back for the commit. */
export interface BufferedAlerts {
  /** As a step may use them. */
  as(step: string): Alerts;
  /** For steps that may not. */
  readonly refusing: Alerts;
  raised(): readonly NewAlert[];
  closed(): readonly { readonly incident: string }[];
  /** Takes back what a step has said that then did not succeed. */
  discard(step: string): void;
  /** Forgets what was said: it has been committed, or is given up. */
  clear(): void;
}

/** What a step has said of an incident: that there is one, or that it is over. */
interface Said {
  readonly step: string;
  readonly incident: string;
  readonly alert?: NewAlert;
}

export function bufferAlerts({ environment, flowId }: Pick<TakenRun, 'environment' | 'flowId'>): BufferedAlerts {
  let said: readonly Said[] = [];
  const incidentOf = (code: string, about: string) => `flow ${environment} ${flowId} ${code} ${about}`;
  /** What was said last of each incident counts. */
  const last = () => [...new Map(said.map((one) => [one.incident, one])).values()];

  return {
    as: (step) => ({
      raise({ about, ...alert }) {
        if (reservedCodes.has(alert.code))
          throw new MillraceError('ALERT_CODE_RESERVED', `Millrace itself raises alerts as ${alert.code}.`);
        const incident = incidentOf(alert.code, about);
        said = [...said, { step, incident, alert: { ...alert, incident } }];
      },
      close({ code, about }) {
        said = [...said, { step, incident: incidentOf(code, about) }];
      },
    }),
    refusing: { raise: refuse, close: refuse },
    raised: () => last().flatMap(({ alert }) => alert ?? []),
    closed: () => last().flatMap(({ incident, alert }) => (alert ? [] : [{ incident }])),
    discard: (step) => {
      said = said.filter((one) => one.step !== step);
    },
    clear: () => {
      said = [];
    },
  };
}

function refuse(): never {
  throw new MillraceError('ALERTS_READ_ONLY', 'Only a node whose effect is “stored” may raise and close alerts.', {
    category: 'internal',
  });
}
