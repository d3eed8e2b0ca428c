import { MillraceError } from '@millrace/contract';
import type { S3Config } from './config.ts';

const knownOptions = new Set(['endpoint', 'region', 'pathStyle']);

/**
 * A bucket from one line: `s3://[key:secret@]bucket[/prefix][?endpoint=https://…][&region=…][&pathStyle=true]`.
 * @throws {MillraceError} `BAD_CONNECTION_TEXT` with the field that is wrong as its pointer; the text is not repeated
 *   because it may hold a secret
 */
export function s3FromUrl(text: string): S3Config {
  const url = URL.parse(text);
  if (url?.protocol !== 's3:' || url.hostname === '')
    throw bad('/bucket', 'The text is no s3:// address with a bucket.');
  const unknown = [...url.searchParams.keys()].find((name) => !knownOptions.has(name));
  if (unknown !== undefined)
    throw bad(`/${unknown}`, `There is no option “${unknown}”; known: ${[...knownOptions].join(', ')}.`);
  const prefix = decoded(url.pathname, '/prefix').replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.hostname,
    region: url.searchParams.get('region') ?? 'us-east-1',
    ...endpointOf(url),
    ...(prefix !== '' && { prefix: `${prefix}/` }),
    ...credentialsOf(url),
  };
}

function endpointOf({ searchParams }: URL): Pick<S3Config, 'endpoint' | 'forcePathStyle'> {
  const endpoint = searchParams.get('endpoint');
  const pathStyle = searchParams.get('pathStyle');
  if (endpoint !== null && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw bad('/endpoint', 'The endpoint must be an address such as https://minio.example.com.');
  if (pathStyle !== null && pathStyle !== 'true' && pathStyle !== 'false')
    throw bad('/forcePathStyle', 'pathStyle is true or false.');
  return {
    ...(endpoint !== null && { endpoint }),
    ...(pathStyle !== null && { forcePathStyle: pathStyle === 'true' }),
  };
}

function credentialsOf({ username, password }: URL): Pick<S3Config, 'credentials'> {
  if (username === '' && password === '') return {};
  const [accessKeyId, secretAccessKey] = [decoded(username, '/accessKeyId'), decoded(password, '/secretAccessKey')];
  if (accessKeyId === '' || secretAccessKey === '')
    throw bad('/secretAccessKey', 'Give both parts of the credentials: s3://key:secret@bucket.');
  return { credentials: { accessKeyId, secretAccessKey } };
}

function decoded(part: string, pointer: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw bad(pointer, 'This part holds a “%” that is no percent-encoding; write it as %25.');
  }
}

function bad(pointer: string, message: string): MillraceError {
  return new MillraceError('BAD_CONNECTION_TEXT', message, { pointer });
}
