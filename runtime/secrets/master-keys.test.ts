import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { open, seal } from './envelope.ts';
import { ensureKeyFile, putNewKey } from './key-file.ts';
import { keySource, masterKeyFrom, masterKeysOf } from './master-keys.ts';

const newKey = () => randomBytes(32).toString('base64');
const idOf = (key: string) => masterKeyFrom(Buffer.from(key, 'base64')).id;
const folder = mkdtempSync(join(tmpdir(), 'millrace-keys-'));
const masterKeyFile = join(folder, 'master.key');

describe('master keys', () => {
  const [one, other] = [newKey(), newKey()];

  test.each([
    ['a variable', { masterKeyFile, masterKey: `${one}, ${other}` }],
    ['a command', { masterKeyFile, masterKeyCommand: `echo ${one}; echo ${other}` }],
  ])('come from %s, the one in use first', (_place, places) => {
    const keys = masterKeysOf(keySource(places));
    expect(keys.current().id).toBe(idOf(one));
    expect(keys.find(idOf(other))?.key.toString('base64')).toBe(other);
  });

  test('come from a file that only its owner may read, made with a key of its own', () => {
    const file = join(folder, 'new', 'master.key');
    ensureKeyFile(file);
    const made = readFileSync(file, 'utf8');
    ensureKeyFile(file);
    expect(readFileSync(file, 'utf8')).toBe(made);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(masterKeysOf(keySource({ masterKeyFile: file })).current().id).toBe(idOf(made.trim()));
  });

  test.each([
    ['too short', { masterKeyFile, masterKeyCommand: 'echo canary' }],
    ['missing', { masterKeyFile, masterKeyCommand: 'true' }],
    ['a command that fails', { masterKeyFile, masterKeyCommand: 'echo canary; exit 3' }],
    ['a file that is not there', { masterKeyFile: join(folder, 'nothing') }],
  ])('that are no keys are refused without being told: %s', (_case, places) => {
    expect(() => masterKeysOf(keySource(places))).toThrow(expect.objectContaining({ code: 'MASTER_KEY_INVALID' }));
    expect(() => masterKeysOf(keySource(places))).not.toThrow(/canary(?!;)/);
  });

  test('of a file are known as soon as another process has put them there', () => {
    writeFileSync(masterKeyFile, `${one}\n`);
    const [server, command] = [masterKeysOf(keySource({ masterKeyFile })), masterKeysOf(keySource({ masterKeyFile }))];
    const before = seal('secret', 'owner', server);
    putNewKey(masterKeyFile);
    const after = seal('secret', 'owner', command);
    expect(after.keyId).not.toBe(before.keyId);
    for (const sealed of [before, after]) expect(open(sealed, 'owner', server)).toBe('secret');
    expect(seal('secret', 'owner', server).keyId).toBe(after.keyId);
  });

  test('that cannot be read for a moment stay known', () => {
    writeFileSync(masterKeyFile, `${one}\n`);
    const keys = masterKeysOf(keySource({ masterKeyFile }));
    writeFileSync(masterKeyFile, 'half a k');
    expect(keys.current().id).toBe(idOf(one));
  });
});

test('a secret under an unknown key is refused by the name of that key', () => {
  const sealed = seal('secret', 'owner', masterKeysOf(keySource({ masterKeyFile, masterKey: newKey() })));
  const others = masterKeysOf(keySource({ masterKeyFile, masterKey: newKey() }));
  expect(() => open(sealed, 'owner', others)).toThrow(
    expect.objectContaining({ code: 'MASTER_KEY_UNKNOWN', message: expect.stringContaining(sealed.keyId) }),
  );
});

test('a secret that was copied to another owner, or changed, does not open', () => {
  const keys = masterKeysOf(keySource({ masterKeyFile, masterKey: newKey() }));
  const sealed = seal('secret', 'owner', keys);
  const changed = { ...sealed, secret: Buffer.concat([sealed.secret, Buffer.alloc(1)]) };
  const refused = expect.objectContaining({ code: 'SECRET_UNREADABLE' });
  expect(() => open(sealed, 'thief', keys)).toThrow(refused);
  expect(() => open(changed, 'owner', keys)).toThrow(refused);
});
