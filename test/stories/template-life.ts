/**
 * `npm run story:template`: the life of a template from a fresh start. Acme builds an order export and offers it; Globex
 * clones it with its own dropzones, lays an override over it, tests it in the sandbox and promotes it; Acme's template
 * moves on, and Globex follows without losing its override, and goes back. Everything is done by the command line; what
 * people edit they edit in a pulled folder. Only the shop's orders come by HTTP.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandboxErp } from '@millrace/pack-dropzone/sandbox';
import { type Stage, startStage } from './instance.ts';

type Say = (line: string) => void;
interface MappedLine {
  readonly to: string;
  readonly from?: string;
}
type Nodes = Record<string, { readonly config: { readonly fields: MappedLine[] }; retry?: object }>;
/** What the ERP has got. */
interface Document {
  readonly org_slug: string;
  readonly header: { readonly channel?: string };
}

const sample = readFileSync(new URL('../../flows/order-export-dropzone/samples/order.json', import.meta.url), 'utf8');

/** @param say takes each line that the story tells @throws {Error} where something is not as the story has it */
export async function templateLife(say: Say, databaseUrl?: string): Promise<void> {
  const stage = await startStage(say, databaseUrl);
  const folders = ['test', 'live'].map((name) => join(stage.folder, name));
  for (const folder of folders) for (const part of ['out', 'ack']) mkdirSync(join(folder, part), { recursive: true });
  const erps = folders.map((folder) => startSandboxErp({ folder, answerAfterMs: 0, log: () => undefined }));
  try {
    await tell(say, stage, folders as [string, string]);
  } finally {
    await Promise.all(erps.map((erp) => erp.stop()));
    await stage.stop();
  }
}

async function tell(say: Say, stage: Stage, [test, live]: readonly [string, string]): Promise<void> {
  const { millrace } = stage;

  say('Two tenants, and one of them offers an order export to the other.');
  await millrace('tenant create acme --name "Acme Shipping"');
  await millrace('tenant create globex --name Globex');
  await millrace('template clone order-export-dropzone orders --name "Order export" --tenant acme');
  await millrace('release publish orders --tenant acme');
  await millrace('template publish orders --as 1.0 --changelog "The first" --audience globex --tenant acme');
  await millrace('tenant create initech --name Initech');
  const unseen = await millrace('template list acme/orders --tenant initech');
  if (unseen.length > 0) throw new Error('Initech sees what is not offered to it.');

  say('Globex has dropzones of its own, and asks for its acknowledgements sooner.');
  writeFileSync(join(stage.folder, 'test.json'), JSON.stringify({ kind: 'folder', path: test }));
  writeFileSync(join(stage.folder, 'live.json'), JSON.stringify({ kind: 'folder', path: live }));
  writeFileSync(join(stage.folder, 'parameters.json'), '{ "ackDue": "PT1H" }');
  const type = '--type dropzone/folder-or-sftp --tenant globex';
  await millrace(`connection create --name Test --config test.json --environment sandbox ${type}`);
  await millrace(`connection create --name Live --config live.json --environment production ${type}`);
  const bound = '--parameters parameters.json --sandbox dropzone=Test --production dropzone=Live --tenant globex';
  await millrace(`template clone acme/orders orders-de ${bound} --trial order --plan`);
  await millrace(`template clone acme/orders orders-de ${bound} --trial order`);
  await succeeded(stage, 1);

  say('It names itself otherwise in the document, tests that in the sandbox, and promotes it.');
  await edit(stage, 'globex', 'orders-de', ({ document }) => {
    for (const line of linesOf(document)) if (line.to === 'org_slug') Object.assign(line, { from: '"globex-berlin"' });
  });
  await millrace('push globex --deploy sandbox --tenant globex');
  await promote(stage, 'Our name');
  await order(stage, 2);
  expectDocument(say, live, 1, { org_slug: 'globex-berlin', header: {} });

  say('Acme’s template moves on: another field in the document, other pauses between attempts.');
  await edit(stage, 'acme', 'orders', ({ document, deliver }) => {
    linesOf(document).push({ to: 'header.channel', from: '"shop"' });
    Object.assign(deliver?.retry ?? {}, { schedule: ['30s', '5m', '15m', '1h', '6h'] });
  });
  await millrace('push acme --tenant acme');
  await millrace('release publish orders --tenant acme');
  await millrace('template publish orders --as 1.1 --changelog "The channel; tries sooner" --tenant acme');

  say('Globex follows, and keeps what is its own.');
  await millrace('template upgrade orders-de --plan --tenant globex');
  await millrace('template upgrade orders-de --tenant globex');
  await millrace('release deploy orders-de --environment sandbox --tenant globex');
  await promote(stage, 'Version 1.1');
  await order(stage, 3);
  expectDocument(say, live, 2, { org_slug: 'globex-berlin', header: { channel: 'shop' } });

  say('And goes back.');
  await millrace('promotion rollback orders-de --note "Not yet" --tenant globex');
  await order(stage, 4);
  expectDocument(say, live, 3, { org_slug: 'globex-berlin', header: {} });
  await millrace('release history orders-de --tenant globex');
  await millrace('template count acme/orders --tenant acme');

  say('Who has done what is told by both audits.');
  await millrace('audit verify --tenant acme');
  await millrace('audit verify --tenant globex');
}

function linesOf(node: Nodes[string] | undefined): MappedLine[] {
  return node?.config.fields ?? [];
}

/** Pulls the flow into a folder of the tenant's name, and changes it there as somebody does with an editor. */
async function edit({ millrace, folder }: Stage, tenant: string, flow: string, change: (nodes: Nodes) => void) {
  await millrace(`pull ${tenant} --only flows/${flow} --tenant ${tenant}`);
  const file = join(folder, tenant, 'flows', flow, 'flow.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as { readonly nodes: Nodes };
  change(document.nodes);
  writeFileSync(file, JSON.stringify(document));
}

/** From Globex's sandbox to its production, as the rules of promotions want it: with tests that have passed. */
async function promote({ millrace }: Stage, note: string): Promise<void> {
  await millrace('release test orders-de sandbox --tenant globex');
  await millrace(`promotion plan orders-de --note "${note}" --tenant globex`);
  await millrace('promotion approve orders-de --tenant globex');
  await millrace('promotion apply orders-de --tenant globex');
}

/** The shop sends an order, which is the run of that number; it ends when the ERP has acknowledged it. */
async function order(stage: Stage, number: number): Promise<void> {
  const approved = new Date().toISOString().replace(/\.\d+/, '');
  const body = JSON.stringify({ ...JSON.parse(sample), draft_order_id: randomUUID(), approved_at: approved });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${stage.url}/hooks/globex/orders/approved`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`The order was answered with ${answer.status}: ${await answer.text()}`);
  await succeeded(stage, number);
}

/** As somebody looks again and again. */
async function succeeded({ millraceUntil }: Stage, runs: number): Promise<void> {
  await millraceUntil('run list --flow orders-de --tenant globex', (lines) => {
    const states = lines.map((line) => line.split('\t')[2]);
    if (states.includes('failed')) throw new Error('A run has failed.');
    return states.filter((state) => state === 'succeeded').length === runs;
  });
}

/** That many documents have come, the expected one last. */
function expectDocument(say: Say, dropzone: string, count: number, expected: Document): void {
  const told = documentsIn(join(dropzone, 'archive')).map(short);
  say(`The ERP has got: ${told.join(', ')}.`);
  if (told.length !== count || told.at(-1) !== short(expected))
    throw new Error('That is not what was to be delivered.');
}

const short = ({ org_slug, header }: Document): string => `${org_slug} ${header.channel ?? '-'}`;

/** The ERP lays aside what it has answered; beside it lie its answers, which have no header. @returns in order of delivery */
function documentsIn(folder: string): Document[] {
  const paths = readdirSync(folder).map((file) => join(folder, file));
  const files = paths.map((path) => ({
    written: statSync(path).mtimeMs,
    document: JSON.parse(readFileSync(path, 'utf8')) as Partial<Document>,
  }));
  return files
    .sort((a, b) => a.written - b.written)
    .map(({ document }) => document)
    .filter((document): document is Document => document.header !== undefined);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await templateLife((line) => console.log(line), process.env.DATABASE_URL);
