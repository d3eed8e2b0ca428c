import { createHmac } from 'node:crypto';
import { type Answer, type Instance, misfits } from './test-instance.fixture.ts';

export const password = 'correct horse battery';
/** Headers of who shows neither a key nor a session. */
export const nobody = { 'x-api-key': '' };

export type Headers = Record<string, string>;

/** What tests do as people of an instance. */
export function peopleOf(instance: () => Instance) {
  const call = (...args: Parameters<Instance['call']>) => instance().call(...args);
  const signIn = (email: string, given = password, more = {}) =>
    call('POST', '/session', { email, password: given, ...more }, nobody);

  async function invite(email: string, role: string, by: Headers = {}): Promise<string> {
    return fitting('post', '/members/invite', await call('POST', '/members/invite', { email, role }, by)).token;
  }

  /** @param by headers of an admin of the tenant; acme's where not given */
  async function join(email: string, role: string, by: Headers = {}): Promise<Headers> {
    const body = { token: await invite(email, role, by), name: email, password };
    const answer = await call('POST', '/invitations/accept', body, nobody);
    fitting('post', '/invitations/accept', answer);
    return sessionOf(answer);
  }

  async function idOf(email: string): Promise<string> {
    const { members } = fitting('get', '/members', await call('GET', '/members'));
    return members.find((member: { email: string }) => member.email === email)?.id;
  }

  /** Entries of the audit of a tenant, newest first. */
  async function audit(by: Headers = {}): Promise<Answer['body'][]> {
    return (await call('GET', '/audit?limit=200', undefined, by)).body.entries;
  }

  return { call, signIn, invite, join, idOf, audit };
}

/** The body of an answer. @throws {Error} where the answer is not what the route declares */
function fitting(method: string, path: string, answer: Answer): Answer['body'] {
  const [misfit] = misfits(method, path, answer);
  if (misfit !== undefined)
    throw new Error(`${JSON.stringify(misfit)}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Headers of a page of ours with the session that was answered. */
export function sessionOf({ headers }: { readonly headers: Answer['headers'] }): Headers {
  const [cookie = ''] = (headers.get('set-cookie') ?? '').split(';');
  return { ...nobody, cookie, 'sec-fetch-site': 'same-origin' };
}

/**
 * What an app shows for a secret (RFC 6238, with its defaults).
 * @param ahead codes later than now: the next one is taken too, so that a test need not wait for it
 */
export function codeOf(secret: string, ahead = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const at = (hash.at(-1) as number) & 15;
  return String((hash.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Buffer {
  const bits = text.split('').map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'));
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
