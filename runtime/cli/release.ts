import type { JsonObject } from '@millrace/contract';
import { type Command, Option } from 'commander';
import { everything } from '../auth/demands.ts';
import { loadConfig } from '../config/load.ts';
import { listDeployments } from '../postgres/flows/deployment-history.ts';
import { listVersions } from '../postgres/flows/load-versions.ts';
import { atTenantData } from './at-database.ts';
import { atTenant } from './at-tenant.ts';
import { connectionsNamed } from './connections-named.ts';
import { collect, pairs } from './name-value.ts';
import { printRow } from './print-row.ts';
import { readJsonFile } from './read-json-file.ts';

interface Tenancy {
  /** Slug. */
  readonly tenant: string;
}
interface Explained extends Tenancy {
  readonly note?: string;
}
interface Placed extends Explained {
  readonly environment: string;
}
interface Deploying extends Placed {
  readonly release?: string;
  readonly parameters?: string;
  readonly connection: readonly string[];
}

const by = 'the command line';
const shownDeployments = 50;

/** `millrace release …`: versions of flows, and where they serve. Servers over the same database follow within a second. */
export function addRelease(program: Command): void {
  const release = program.command('release').description('publish versions of flows, deploy them, take them back');
  const add = (usage: string, description: string) =>
    release.command(usage).description(description).option('--tenant <slug>', 'whose flow', 'demo');
  const addExplained = (usage: string, description: string) =>
    add(usage, description).option('--note <text>', 'why, for people');
  const addPlaced = (usage: string, description: string) =>
    addExplained(usage, description).addOption(
      new Option('--environment <name>', 'where').choices(['sandbox', 'production']).default('production'),
    );

  addExplained('publish <flow>', 'make an immutable version of the draft').action(publish);
  add('list <flow>', 'published versions, newest first').action(list);
  add('test <flow> [version]', 'run the tests of a version (or draft, sandbox, production) and keep the report')
    .option('--only <text>', 'only tests whose file name contains the text')
    .action(test);
  add('diff <flow> <from> <to>', 'what differs: draft, sandbox, production, or a version by number or hash').action(
    diff,
  );
  addPlaced('deploy <flow>', 'let a version serve; without --release the draft is published')
    .option('--release <version>', 'number or hash of a version')
    .option(
      '--parameters <file>',
      'JSON file with the parameters that are not to be the default; - reads standard input',
    )
    .option('--connection <slot=name>', 'bind a slot to a connection of the environment', collect, [])
    .action(deploy);
  addPlaced('rollback <flow>', 'let serve again what has served before')
    .option('--to <id>', 'an entry of the history; what served last before where none is named')
    .action(takeBack);
  addPlaced('undeploy <flow>', 'let the flow serve no more; runs under way end').action(undeploy);
  add('history <flow>', `the last ${shownDeployments} deployments, newest first`).action(history);
}

async function publish(flow: string, { tenant, note }: Explained): Promise<void> {
  const { publishFlow } = await import('../flows/versions.ts');
  const { number, version } = await atTenant(tenant, (access) =>
    publishFlow(access.foundation, access.tenant, flow, { by, note }),
  );
  printRow(number, version);
}

async function list(flow: string, { tenant }: Tenancy): Promise<void> {
  const versions = await atTenantData(tenant, ({ work }) => work((tx) => listVersions(tx, flow)));
  for (const { number, version, publishedAt, publishedBy, note } of versions)
    printRow(number, version, publishedAt, publishedBy, note ?? '');
}

async function test(
  flowId: string,
  version: string | undefined,
  options: Tenancy & { readonly only?: string },
): Promise<void> {
  const [{ openSuites }, { testFlow }, { reportText }] = await Promise.all([
    import('../flow-tests/suites.ts'),
    import('../flows/test-flow.ts'),
    import('./flow-test.ts'),
  ]);
  const report = await atTenant(options.tenant, async ({ instance, url, tenant }) => {
    const suites = openSuites({ ...loadConfig(process.env, process.cwd()), databaseUrl: url });
    return testFlow({ ...instance, suites }, tenant, {
      flowId,
      version: version ?? 'draft',
      only: options.only,
      by,
      demand: everything,
    }).finally(suites.close);
  });
  console.log(reportText(report));
  if (report.failed > 0) process.exitCode = 1;
}

async function diff(flow: string, from: string, to: string, options: Tenancy): Promise<void> {
  const [{ difference, sentenceOf }, { readNamed }] = await Promise.all([
    import('@millrace/flow'),
    import('../flows/versions.ts'),
  ]);
  const [before, after] = await atTenant(options.tenant, async ({ foundation, tenant }) => [
    await readNamed(foundation, tenant, flow, from),
    await readNamed(foundation, tenant, flow, to),
  ]);
  const changes = difference(before, after);
  for (const change of changes) printRow(change.pointer || '/', sentenceOf(change));
  if (changes.length === 0) console.log('No difference.');
}

async function deploy(flowId: string, options: Deploying): Promise<void> {
  const { deployFlow } = await import('../flows/deploy.ts');
  const { environment, note, release: version, parameters: file } = options;
  const parameters = file === undefined ? undefined : (readJsonFile(file) as JsonObject);
  const { number, ...deployed } = await atTenant(options.tenant, async (access) => {
    const connections = await connectionsNamed(access, environment, pairs(options.connection, '--connection'));
    const place = { tenant: access.tenant, environment, flowId };
    return deployFlow(access.foundation, { ...place, version, parameters, connections, by, note });
  });
  for (const { message } of deployed.warnings) console.error(message);
  printRow(number, deployed.version, environment);
}

async function takeBack(
  flowId: string,
  { environment, note, to, ...options }: Placed & { to?: string },
): Promise<void> {
  const { rollBack } = await import('../flows/rollback.ts');
  const { number, version } = await atTenant(options.tenant, ({ foundation, tenant }) =>
    rollBack(foundation, { tenant, environment, flowId, to, by, note }),
  );
  printRow(number, version, environment);
}

async function undeploy(flowId: string, { environment, note, ...options }: Placed): Promise<void> {
  const { undeployFlow } = await import('../flows/undeploy.ts');
  await atTenant(options.tenant, ({ foundation, tenant }) =>
    undeployFlow(foundation, { tenant, environment, flowId }, { by, note }),
  );
}

async function history(flowId: string, { tenant }: Tenancy): Promise<void> {
  const all = { flowId, limit: shownDeployments };
  const deployments = await atTenantData(tenant, ({ work }) => work((tx) => listDeployments(tx, all)));
  for (const { id, at, environment, action, number, by: who, note } of deployments)
    printRow(id, at, environment, action, number ?? '', who, note ?? '');
}
