import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mailText, type Told, webhookBody } from './message.ts';

const told: Told = {
  alert: 'a',
  tenantName: 'Acme',
  code: 'STEP_FAILING',
  severity: 'high',
  message: 'The ERP is down.',
  flowId: null,
  runId: 'r',
  at: new Date(0),
};

test('an e-mail tells what is known, and nothing of what is not', () => {
  expect(mailText(told)).toEqual({
    subject: 'Millrace, high: The ERP is down.',
    text: 'The ERP is down.\n\nTenant: Acme\nRun: r\nCode: STEP_FAILING\nSeverity: high\nSince: 1970-01-01T00:00:00.000Z\n',
  });
});

test('a webhook tells all, with null for what is not known', () => {
  expect(webhookBody(told)).toEqual({
    type: 'alert.raised',
    timestamp: '1970-01-01T00:00:00.000Z',
    data: {
      id: 'a',
      tenant: 'Acme',
      code: 'STEP_FAILING',
      severity: 'high',
      message: told.message,
      flow: null,
      run: 'r',
    },
  });
});

test('whatever a message holds, its subject is one short line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (message) => {
      const { subject } = mailText({ ...told, message });
      expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      expect(subject.length).toBeLessThanOrEqual(150);
      expect(subject.isWellFormed()).toBe(true);
    }),
  );
});
