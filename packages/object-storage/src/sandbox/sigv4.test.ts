import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { refusalOf, type WireRequest } from './sigv4.ts';

/** The worked examples of “Signature Calculations for the Authorization Header” in the Amazon S3 API reference. */
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const now = new Date('2013-05-24T00:00:00Z');
const empty = createHash('sha256').update('').digest('hex');

function signed(
  names: string,
  signature: string,
  request: Omit<WireRequest, 'headers' | 'body'> & { headers?: Record<string, string>; body?: string },
): WireRequest {
  const scope = `${credentials.accessKeyId}/20130524/us-east-1/s3/aws4_request`;
  return {
    ...request,
    body: Buffer.from(request.body ?? ''),
    headers: {
      host: 'examplebucket.s3.amazonaws.com',
      'x-amz-date': '20130524T000000Z',
      'x-amz-content-sha256': empty,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${names},Signature=${signature}`,
      ...request.headers,
    },
  };
}

const getObject = signed(
  'host;range;x-amz-content-sha256;x-amz-date',
  'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  { method: 'GET', target: '/test.txt', headers: { range: 'bytes=0-9' } },
);
const putObject = signed(
  'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
  '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  {
    method: 'PUT',
    target: '/test$file.text',
    body: 'Welcome to Amazon S3.',
    headers: {
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    },
  },
);
const lifecycle = signed(
  'host;x-amz-content-sha256;x-amz-date',
  'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  { method: 'GET', target: '/?lifecycle' },
);
const list = signed(
  'host;x-amz-content-sha256;x-amz-date',
  '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  { method: 'GET', target: '/?max-keys=2&prefix=J' },
);

describe('a request signed as Amazon documents it', () => {
  test.each([
    ['GET object', getObject],
    ['PUT object', putObject],
    ['GET bucket lifecycle', lifecycle],
    ['list objects', list],
  ])('is authentic: %s', (_name, request) => {
    expect(refusalOf(request, credentials, now)).toBeUndefined();
  });

  test.each<[string, WireRequest, string]>([
    ['another path', { ...getObject, target: '/other.txt' }, 'SignatureDoesNotMatch'],
    ['another method', { ...getObject, method: 'DELETE' }, 'SignatureDoesNotMatch'],
    ['another query', { ...list, target: '/?max-keys=2&prefix=K' }, 'SignatureDoesNotMatch'],
    ['another range', withHeader(getObject, 'range', 'bytes=0-99'), 'SignatureDoesNotMatch'],
    ['another body', { ...putObject, body: Buffer.from('Goodbye.') }, 'XAmzContentSHA256Mismatch'],
    ['an unsigned x-amz header', withHeader(getObject, 'x-amz-acl', 'public-read'), 'AccessDenied'],
    ['content in chunks', withHeader(list, 'x-amz-content-sha256', 'STREAMING-X'), 'SignatureDoesNotMatch'],
    ['no signature', withHeader(getObject, 'authorization', ''), 'AccessDenied'],
  ])('is refused with %s', (_name, request, code) => {
    expect(refusalOf(request, credentials, now)).toMatchObject({ code });
  });

  test.each([-16, 16])('is refused when the clocks differ by %i minutes', (minutes) => {
    const later = new Date(now.getTime() + minutes * 60_000);
    expect(refusalOf(getObject, credentials, later)).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });

  test('is refused for another key or another secret', () => {
    const secret = { ...credentials, secretAccessKey: 'other' };
    expect(refusalOf(getObject, secret, now)).toMatchObject({ code: 'SignatureDoesNotMatch' });
    const key = { ...credentials, accessKeyId: 'other' };
    expect(refusalOf(getObject, key, now)).toMatchObject({ code: 'InvalidAccessKeyId' });
  });
});

function withHeader(request: WireRequest, name: string, value: string): WireRequest {
  return { ...request, headers: { ...request.headers, [name]: value } };
}
