import type { ServerResponse } from 'node:http';
import Type from 'typebox';
import { allows } from '../auth/rights.ts';
import type { News, RunNews } from '../engine/bus.ts';
import { type Api, type Call, route } from './route.ts';

const heartbeatMs = 15_000;
const gatherMs = 3;
/** A listener that is so far behind is cut off; it comes again and reads the present state. */
const maxUnsentBytes = 1024 * 1024;

export const eventRoutes = [
  route({
    method: 'get',
    path: '/events',
    action: 'runs.read',
    tag: 'Events',
    summary: 'What becomes true, as it becomes true',
    description:
      'Server-sent events: `run` with {runId, flowId, status, at} after every durable change of a run, `flow` with {flowId, revision}; a comment every 15 seconds.',
    answers: { 200: { description: 'The stream', mediaType: 'text/event-stream', schema: Type.String() } },
    handle: () => ({ status: 200, headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } }),
    stream: follow,
  }),
];

function follow(
  { identity, raw }: Call<unknown, unknown, unknown>,
  api: Api,
  response: ServerResponse,
  draining: AbortSignal,
): void {
  const end = () => response.end();
  const write = gathering((text) => {
    if (response.writableLength > maxUnsentBytes) response.destroy();
    else response.write(text);
  });
  const unsubscribe = api.bus.subscribe((news) => {
    if (news.tenant === identity.tenant.id) write(eventOf(news));
  });
  const heartbeat = setInterval(async () => {
    write(': still here\n\n');
    // A key that was revoked, or a session that ended or may no more, hears no more.
    const still = await api.auth.authenticate(raw.headers).catch(() => identity);
    if (!still || !allows(still.rights, 'runs.read')) end();
  }, heartbeatMs);
  response.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
    draining.removeEventListener('abort', end);
  });
  draining.addEventListener('abort', end);
  write('retry: 2000\n\n');
}

/** Writes at once what comes alone, and together what follows within moments: under load each write costs more than its news. */
function gathering(write: (text: string) => void): (text: string) => void {
  let waiting = '';
  let rests = false;
  const goOn = () => {
    rests = waiting !== '';
    if (!rests) return;
    write(waiting);
    waiting = '';
    setTimeout(goOn, gatherMs).unref();
  };
  return (text) => {
    waiting += text;
    if (!rests) goOn();
  };
}

function eventOf(news: News): string {
  const data =
    news.kind === 'run'
      ? { runId: news.run, flowId: news.flowId, status: statusOf(news), at: news.at }
      : { flowId: news.flowId, revision: news.revision };
  return `event: ${news.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A run that is stored and not yet begun is shown as running, here as in the list. */
function statusOf({ status }: RunNews): string {
  return status === 'accepted' ? 'running' : status;
}
