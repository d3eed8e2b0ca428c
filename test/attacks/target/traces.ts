import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { runsOf } from './folder.ts';
import type { Target } from './target.ts';

/** Everything that is kept or shown somewhere: the place, and its text. */
export type Trace = readonly [place: string, text: string];

/** How a secret may stand somewhere: as it is, in hex (as PostgreSQL writes bytes), in base64 behind whatever else. */
function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), ...[0, 1, 2].map((shift) => base64Within(bytes, shift))];
}

/** The characters that are the same whatever stands before and behind. @param shift bytes before, beyond a multiple of three */
function base64Within(bytes: Buffer, shift: number): string {
  const whole = Math.floor((bytes.length + shift) / 3) * 4;
  return Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .slice(shift === 0 ? 0 : 4, whole);
}

/** Places that hold one of the secrets. */
export function leaks(traces: readonly Trace[], secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const spellings = spellingsOf(secret);
    const places = traces.filter(([, text]) => spellings.some((spelling) => text.includes(spelling)));
    return places.length > 0 ? [`${name} stands in ${[...new Set(places.map(([place]) => place))].join(', ')}`] : [];
  });
}

/** What the API shows of these flows, and of all that they have done. @param flows their ids */
export async function shownByApi(target: Target, flows: readonly string[]): Promise<Trace[]> {
  const common = [
    '/flows',
    '/connections',
    '/dead-letters?limit=200',
    '/alerts?limit=200',
    '/alert-channels',
    '/signals',
  ];
  const paths = [...common, ...flows.flatMap((id) => [`/flows/${id}`, `/flows/${id}/export`, `/flows/${id}/triggers`])];
  const plain = paths.map(async (path): Promise<Trace> => [path, (await target.call('GET', path)).text]);
  const runs = (await Promise.all(flows.map((flow) => runsOf(target, flow)))).flat();
  return [...(await Promise.all(plain)), ...(await Promise.all(runs.map((id) => shownOfRun(target, id)))).flat()];
}

async function shownOfRun(target: Target, id: string): Promise<Trace[]> {
  const { text, json } = await target.call('GET', `/runs/${id}`);
  const place = `a run of ${json.flowId} (${json.status}${json.error ? ` ${json.error.code}` : ''})`;
  const files = blobsIn(text).map(async (blob): Promise<Trace> => {
    return [`a file of ${place}`, (await target.call('GET', `/runs/${id}/payloads/${blob}`)).text];
  });
  return [[place, text], ...(await Promise.all(files))];
}

function blobsIn(text: string): string[] {
  return [...new Set(text.match(/blob_[0-9a-f]{32}/g))];
}

/** Every row of every table, as text; bytes in hex. */
export async function storedInDatabase(target: Target): Promise<Trace[]> {
  return target.asSuperuser(async (client) => {
    const traces: Trace[] = [];
    for (const table of await tablesOf(client)) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${table} t`);
      traces.push([`the table ${table}`, rows.map(({ row }) => row).join('\n')]);
    }
    return traces;
  });
}

async function tablesOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`,
  );
  return rows.map(({ name }) => name);
}

/** What lies in the folder of the instance: logs, and whatever else it keeps. */
export function keptInFolder({ home }: Target): Trace[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(home, name)).isFile())
    .map((name) => [`the file ${name}`, readFileSync(join(home, name), 'utf8')]);
}

/** Listens to the stream of events; answers what was heard when it is stopped. */
export function followEvents(target: Target): { stop(): Promise<string> } {
  const ending = new AbortController();
  let heard = '';
  const reading = (async () => {
    const answer = await fetch(`${target.url}/api/v1/events`, {
      headers: { 'x-api-key': target.key },
      signal: ending.signal,
    });
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += piece;
  })().catch(() => undefined);
  return {
    async stop() {
      ending.abort();
      await reading;
      return heard;
    },
  };
}
