import { brokenOff, defineConnection, type Network, type ProbeResult } from '@millrace/contract';
import { SmtpConfig } from './config.ts';
import { smtpFromText } from './from-text.ts';
import { mailSandbox } from './sandbox.ts';
import { serverOf, withSession } from './session.ts';

export default defineConnection({
  id: 'mail/smtp',
  title: 'Mail server',
  summary: 'A server that takes outgoing e-mail by SMTP.',
  config: SmtpConfig,
  fromText: smtpFromText,
  probe,
  sandbox: mailSandbox,
});

/** Connects, encrypts and logs in as for a message, and sends none. */
async function probe(config: SmtpConfig, signal: AbortSignal, network: Network): Promise<ProbeResult> {
  try {
    await withSession(config, { signal, network }, async () => undefined);
    const how = config.username === undefined ? 'was reached' : 'was reached, and the login was accepted';
    return { ok: true, message: `${serverOf(config)} ${how}.` };
  } catch (thrown) {
    return brokenOff(thrown);
  }
}
