import { MillraceError } from '@millrace/contract';
import { type StorageConfig, s3FromUrl } from '@millrace/object-storage';

/** Where content is kept: in the database, or as objects. */
export type Place = 'database' | StorageConfig;

/**
 * The place that the setting names: `database`, `folder:<path>`, or `s3://bucket[/prefix][?endpoint=…&region=…&pathStyle=true]`
 * with the machine's credentials (`AWS_ACCESS_KEY_ID`, …). With a payload the text of its place is stored, so that it is
 * found after the setting has changed: the text holds no secret.
 * @throws {MillraceError} `PAYLOAD_PLACE_INVALID`
 */
export function placeOf(text: string): Place {
  if (text === 'database') return text;
  if (text.startsWith('folder:')) return { kind: 'folder', folder: text.slice('folder:'.length) };
  const bucket = s3FromUrl(text);
  if (!bucket.credentials) return { kind: 's3', ...bucket };
  throw new MillraceError(
    'PAYLOAD_PLACE_INVALID',
    'The place for payloads must not hold credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  );
}
