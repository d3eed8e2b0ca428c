import { blobIdPattern } from '@millrace/contract';
import Type from 'typebox';
import { payloadId } from '../payloads/references.ts';
import { findPayload, type StoredPayload } from '../postgres/payloads/payload.ts';
import { notFound } from './errors.ts';
import { type Api, type Call, route } from './route.ts';
import { Uuid } from './schemas.ts';
import { contentHeaders, sendContent } from './send-content.ts';

const Params = Type.Object({
  run: Uuid,
  payload: Type.String({ pattern: blobIdPattern.source, description: 'The `blob` of a file in the run’s data' }),
});
type DownloadCall = Pick<Call<{ run: string; payload: string }, unknown, unknown>, 'params' | 'identity'>;

export const payloadRoutes = [
  route({
    method: 'get',
    path: '/runs/:run/payloads/:payload',
    action: 'runs.read',
    tag: 'Runs',
    summary: 'A file or large value of a run',
    description: 'The content as it was stored, to be saved under its name. It goes when the run goes.',
    params: Params,
    answers: { 200: { description: 'The content', mediaType: 'application/octet-stream', schema: Type.String() } },
    async handle(call, api) {
      const payload = await payloadOf(call, api);
      const headers = {
        ...contentHeaders(payload),
        'content-disposition': attachment(payload.name),
        // Whatever it is, a browser must not run it as a page of ours.
        'content-security-policy': "sandbox; default-src 'none'",
      };
      return { status: 200, headers };
    },
    stream(call, api, response) {
      void sendContent(response, payloadOf(call, api), api);
    },
  }),
];

/** The same for what is not there, another run's and another tenant's. */
async function payloadOf({ params, identity }: DownloadCall, { database }: Api): Promise<StoredPayload> {
  const id = payloadId(params.payload);
  const found = await database.asTenants([identity.tenant.id], (tx) => findPayload(tx, id));
  if (found?.run !== params.run.toLowerCase()) throw notFound('This file');
  return found;
}

/** RFC 6266: a name for every reader, and the real one (RFC 8187) for those that know more than ASCII. No folders in it. */
function attachment(name: string): string {
  const plain =
    name
      .replace(/[\p{C}/\\]/gu, '_')
      .toWellFormed()
      .slice(0, 200) || 'file';
  const ascii = plain.replace(/[^\x20-\x7e]|["%]/g, '_');
  const encoded = encodeURIComponent(plain.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
