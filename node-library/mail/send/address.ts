import { MillraceError } from '@millrace/contract';
import addressparser from 'nodemailer/lib/addressparser';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

/** Local part without blanks, quotes and angle brackets; domain of labels. Stricter than RFC 5322, as mail servers are. */
const address =
  /^[^\s"<>()[\],;:\\@]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u;

/**
 * The one mailbox that a text names (`orders@example.com`, `Orders <orders@example.com>`).
 * @throws {MillraceError} `MAIL_ADDRESS_INVALID`; the address is not repeated
 */
export function mailbox(text: string, pointer: string): Mailbox {
  refuseControl(text, pointer);
  const [only, ...others] = addressparser(text);
  if (!only || only.address === undefined || others.length > 0 || !address.test(only.address))
    throw new MillraceError('MAIL_ADDRESS_INVALID', 'This is not one e-mail address.', { pointer });
  return { name: only.name, address: only.address };
}

/** One address or a list; each may stand once. */
export function mailboxes(value: string | readonly string[] | undefined, pointer: string): Mailbox[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [mailbox(value, pointer)];
  return value.map((text, index) => mailbox(text, `${pointer}/${index}`));
}

/**
 * A line break in a header would begin another header (header injection, CWE-93).
 * @throws {MillraceError} `MAIL_HEADER_INVALID`
 */
export function refuseControl(text: string, pointer: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (!/[\u0000-\u001f\u007f\u0085\u2028\u2029]/.test(text)) return;
  const message = 'A line break or control character cannot stand in a header of a message.';
  throw new MillraceError('MAIL_HEADER_INVALID', message, { pointer });
}
