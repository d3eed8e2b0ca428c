import type { Json, Sandbox } from '@millrace/contract';
import { type S3Server, startS3Server } from '@millrace/object-storage/sandbox';
import Type, { type Static } from 'typebox';
import { checkedAct } from './act.ts';
import { contentOf } from './content.ts';

const strict = { additionalProperties: false };
const Times = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 }));

/**
 * Acts of a flow test's script:
 * - `{"act": "down"}` and `{"act": "up"}`: the server is away, and back with everything in it
 * - `{"act": "slow-down", "times"?, "retryAfter"?}`: the next requests are told to come more slowly
 * - `{"act": "fail", "status", "code"?, "times"?}`: the next requests are answered with an error
 * - `{"act": "refuse-credentials"}` and `{"act": "accept-credentials"}`
 * - `{"act": "skew-clock", "minutes"}`: how far the server's clock is ahead
 * - `{"act": "cut-upload", "afterBytes"}`: the next larger upload loses its connection
 */
const Act = Type.Union([
  Type.Object({ act: Type.Literal('down') }, strict),
  Type.Object({ act: Type.Literal('up') }, strict),
  Type.Object(
    { act: Type.Literal('slow-down'), times: Times, retryAfter: Type.Optional(Type.Integer({ minimum: 0 })) },
    strict,
  ),
  Type.Object(
    {
      act: Type.Literal('fail'),
      status: Type.Integer({ minimum: 400, maximum: 599 }),
      code: Type.Optional(Type.String()),
      times: Times,
    },
    strict,
  ),
  Type.Object({ act: Type.Literal('refuse-credentials') }, strict),
  Type.Object({ act: Type.Literal('accept-credentials') }, strict),
  Type.Object({ act: Type.Literal('skew-clock'), minutes: Type.Integer() }, strict),
  Type.Object({ act: Type.Literal('cut-upload'), afterBytes: Type.Integer({ minimum: 0 }) }, strict),
]);
const known =
  'down, up, slow-down, fail, refuse-credentials, accept-credentials, skew-clock and cut-upload, each with its fields';
const credentials = { accessKeyId: 'AKSANDBOX', secretAccessKey: 'sandbox-secret' };

/** A server on loopback that plays S3, checking every signature. State: `{ "objects": { "<key>": content }, "unfinished": n }`. */
export async function s3Sandbox(): Promise<Sandbox> {
  const server = await startS3Server({ bucketName: 'sandbox', credentials });
  return {
    config: {
      kind: 's3',
      bucket: server.bucketName,
      region: 'us-east-1',
      endpoint: server.endpoint,
      forcePathStyle: true,
      ...credentials,
    },
    act: async (act) => perform(server, checkedAct(Act, act, known)),
    state: async () => ({ objects: objectsIn(server), unfinished: server.bucket.uploads.size }),
    stop: () => server.close(),
  };
}

async function perform(server: S3Server, act: Static<typeof Act>): Promise<void> {
  switch (act.act) {
    case 'down':
      return server.down();
    case 'up':
      return server.up();
    case 'slow-down':
      return server.fail({ status: 503, code: 'SlowDown', retryAfter: act.retryAfter ?? 1 }, act.times ?? 1);
    case 'fail':
      return server.fail({ status: act.status, code: act.code ?? 'InternalError' }, act.times ?? 1);
    case 'refuse-credentials':
      return server.setCredentials({ ...credentials, secretAccessKey: 'another' });
    case 'accept-credentials':
      return server.setCredentials(credentials);
    case 'skew-clock':
      return server.setSkew(act.minutes * 60_000);
    case 'cut-upload':
      return server.cutAfter(act.afterBytes);
  }
}

function objectsIn({ bucket }: S3Server): Record<string, Json> {
  return Object.fromEntries([...bucket.objects].map(([key, { bytes }]) => [key, contentOf(bytes.toString())]));
}
