import type { Attack } from '../attack.ts';
import { accountAttacks } from './accounts.ts';
import { expressions } from './expressions.ts';
import { files } from './files.ts';
import { imports } from './import.ts';
import { jsonAttacks } from './json.ts';
import { later } from './later.ts';
import { secrets } from './secrets.ts';
import { sftp } from './sftp.ts';
import { ssrf } from './ssrf.ts';
import { webhooks } from './webhooks.ts';
import { xml } from './xml.ts';

/** All attacks of the design's list that are tried here, by number. */
export const cases: readonly Attack[] = [
  ...expressions,
  ...xml,
  ...jsonAttacks,
  ...webhooks,
  ...files,
  ...sftp,
  ...ssrf,
  ...secrets,
  ...imports,
  ...accountAttacks,
  ...later,
].sort((one, other) => one.number - other.number);
