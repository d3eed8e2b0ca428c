import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Json, MillraceError, readJson, writeJson } from '@millrace/contract';

/** A key that encrypts the keys of secrets. */
export interface MasterKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** The master keys of an instance. */
export interface MasterKeys {
  /** The one under which secrets are sealed now. */
  current(): MasterKey;
  /** One under which something may still be sealed; nothing where the instance does not have it. */
  find(id: string): MasterKey | undefined;
  /** All that the instance has, the one under which secrets are sealed now first. */
  all(): readonly MasterKey[];
}

/** A secret as it is stored: encrypted under a data key of its own, that key encrypted under the master key. */
export interface Sealed {
  readonly secret: Buffer;
  readonly wrappedKey: Buffer;
  readonly keyId: string;
}

/** Encrypts; `owner` (tenant and connection) is bound in, so that a row copied to another owner does not open. */
export function seal(value: Json, owner: string, masterKeys: MasterKeys): Sealed {
  const master = masterKeys.current();
  const dataKey = randomBytes(32);
  return {
    secret: encrypt(Buffer.from(writeJson(value)), dataKey, owner),
    wrappedKey: encrypt(dataKey, master.key, owner),
    keyId: master.id,
  };
}

/**
 * @throws {MillraceError} `MASTER_KEY_UNKNOWN` naming the key's id; `SECRET_UNREADABLE` where the key of that id is another
 *   one, or the row was tampered with
 */
export function open(sealed: Sealed, owner: string, masterKeys: MasterKeys): Json {
  const master = masterKeys.find(sealed.keyId);
  if (!master) throw unknownKey(sealed.keyId);
  try {
    const dataKey = decrypt(sealed.wrappedKey, master.key, owner);
    return readJson(decrypt(sealed.secret, dataKey, owner).toString());
  } catch (cause) {
    throw new MillraceError(
      'SECRET_UNREADABLE',
      `The stored secret does not open with the master key “${master.id}”; enter it again.`,
      { category: 'auth', cause },
    );
  }
}

function unknownKey(id: string): MillraceError {
  return new MillraceError(
    'MASTER_KEY_UNKNOWN',
    `The stored secret is sealed under the master key “${id}”, which this instance does not have; bring that key back, or enter the secret again.`,
    { category: 'auth', details: { key: id } },
  );
}

const nonceBytes = 12;
const tagBytes = 16;

/** AES-256-GCM: nonce, tag, ciphertext. */
function encrypt(plain: Buffer, key: Buffer, owner: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

function decrypt(sealed: Buffer, key: Buffer, owner: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    .setAAD(Buffer.from(owner))
    .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}
