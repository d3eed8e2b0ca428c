import { Readable } from 'node:stream';
import { type Blobs, isBlobRef, type Json, MillraceError, writeJson } from '@millrace/contract';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Envelope } from '../smtp/session.ts';
import { mailbox, mailboxes, refuseControl } from './address.ts';
import type { Attachment, SendConfig } from './config.ts';

export interface Message {
  /** With angle brackets. */
  readonly id: string;
  readonly envelope: Envelope;
  /** The message as it is sent, read once; a file is read while it is sent. */
  open(): Readable;
}

/** What a message has besides what its author says. */
export interface Sending {
  readonly from: string;
  /** Equal keys give equal Message-IDs, by which a repeated message is recognised. */
  readonly idempotencyKey: string;
  readonly date: Date;
  readonly blobs: Blobs;
}

/**
 * The message that a config describes.
 * @throws {MillraceError} `MAIL_ADDRESS_INVALID`, `MAIL_HEADER_INVALID`, `MAIL_EMPTY`, with the pointer to the field
 */
export function messageOf(config: SendConfig, { from, idempotencyKey, date, blobs }: Sending): Message {
  const sender = mailbox(from, '/from');
  const [to, cc, bcc] = [mailboxes(config.to, '/to'), mailboxes(config.cc, '/cc'), mailboxes(config.bcc, '/bcc')];
  const recipients = [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))];
  if (recipients.length === 0)
    throw new MillraceError('MAIL_EMPTY', 'The message has no recipient.', { pointer: '/to' });
  refuseControl(config.subject, '/subject');
  const id = `<${idempotencyKey}@${sender.address.slice(sender.address.lastIndexOf('@') + 1)}>`;
  const mail = {
    from: sender,
    to,
    cc,
    subject: config.subject,
    messageId: id,
    date,
    ...(config.replyTo !== undefined && { replyTo: mailbox(config.replyTo, '/replyTo') }),
    ...contentOf(config),
    // What a config says is content, never the name of a file or address to be read here.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const files = config.attachments ?? [];
  for (const [index, { name }] of files.entries()) refuseControl(name, `/attachments/${index}/name`);
  return {
    id,
    envelope: { from: sender.address, to: recipients },
    open: () =>
      new MailComposer({ ...mail, attachments: files.map((file) => attached(file, blobs)) })
        .compile()
        .createReadStream(),
  };
}

function contentOf({ text, html, attachments }: SendConfig): { text?: string; html?: string } {
  if (text === undefined && html === undefined && attachments === undefined)
    throw new MillraceError('MAIL_EMPTY', 'The message has neither text nor HTML nor an attachment.', {
      pointer: '/text',
    });
  return { ...(text !== undefined && { text }), ...(html !== undefined && { html }) };
}

function attached({ name, content, mediaType }: Attachment, blobs: Blobs) {
  const type = mediaType ?? (isBlobRef(content) ? content.mediaType : undefined);
  return {
    filename: name,
    content: isBlobRef(content) ? Readable.from(blobs.read(content)) : textOf(content as Json),
    ...(type !== undefined && { contentType: type }),
  };
}

function textOf(content: Json): string {
  return typeof content === 'string' ? content : writeJson(content);
}
