import { MillraceError } from '@millrace/contract';
import type { FlowBundle } from '@millrace/flow';
import { type Demand, everything } from '../auth/demands.ts';
import type { SuiteReport } from '../flow-tests/report.ts';
import type { Suites } from '../flow-tests/suites.ts';
import { withOwnLines } from '../mappings/layers.ts';
import { type KeptReport, keepReport, loadReports } from '../postgres/flow-tests/reports.ts';
import { saveVersion } from '../postgres/flows/versions.ts';
import { loadOwnLines } from '../postgres/mappings/overrides.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { refuseProblems } from './check.ts';
import { readDraft } from './drafts.ts';
import type { FlowServices } from './services.ts';
import { versionOf } from './version.ts';
import { readNamed } from './versions.ts';

export interface TestRequest {
  readonly flowId: string;
  /** As {@link readNamed} knows it. */
  readonly version: string;
  /** Only tests whose file name contains the text. */
  readonly only?: string | undefined;
  /** For people. */
  readonly by: string;
  readonly demand: Demand;
}

/** How it went. */
export interface TestedFlow extends SuiteReport {
  /** Name of what was tested: of a draft, the version that it would be; of an environment, with the tenant's own lines in it. */
  readonly version: string;
  /** The report is the version's from now on. That of a draft, or of some of the tests, is told this once. */
  readonly kept: boolean;
}

/**
 * Runs the tests of a draft or version, apart from everything else.
 * @throws {MillraceError} `NOT_FOUND`, `FLOW_INVALID` with every problem of a draft, what `Suites.run` throws, and `demand` of
 * `mappings.test` where a tenant's own lines are in it
 */
export async function testFlow(
  services: FlowServices & { readonly suites: Pick<Suites, 'run'> },
  tenant: Tenant,
  { flowId, version: name, only, by, demand }: TestRequest,
): Promise<TestedFlow> {
  const bundle = await testable(services, tenant, { flowId, version: name, demand });
  const report = await services.suites.run(tenant.id, { bundle, only });
  const version = versionOf(bundle);
  if (only !== undefined) return { version, kept: false, ...report };
  const kept = await services.database.asTenants([tenant.id], async (tx) => {
    // With a tenant's own lines in it, it is a version that nobody has published.
    if (isEnvironment(name)) await saveVersion(tx, { tenant: tenant.id, hash: version, bundle });
    return keepReport(tx, { tenant: tenant.id, version, report, by });
  });
  return { version, kept, ...report };
}

async function testable(
  services: FlowServices,
  tenant: Tenant,
  { flowId, version: name, demand }: Pick<TestRequest, 'flowId' | 'version' | 'demand'>,
): Promise<FlowBundle> {
  if (isEnvironment(name)) return servingIn(services, tenant, flowId, name, demand);
  if (name !== 'draft') return readNamed(services, tenant, flowId, name);
  const { bundle, problems } = await readDraft(services, tenant, flowId);
  refuseProblems('FLOW_INVALID', 'The flow has problems and cannot be tested.', problems);
  return bundle;
}

function isEnvironment(name: string): boolean {
  return name === 'sandbox' || name === 'production';
}

/** As it serves there: with what the tenant has laid over its mappings. */
async function servingIn(services: FlowServices, tenant: Tenant, flowId: string, environment: string, demand: Demand) {
  const place = { tenant: tenant.id, environment, flowId };
  const own = await services.database.asTenants([tenant.id], (tx) => loadOwnLines(tx, place));
  if (own.size > 0) demand('mappings.test');
  return withOwnLines(await readNamed(services, tenant, flowId, environment), own);
}

/** How the tests of a version went last. @throws {MillraceError} `NOT_FOUND` where they were never run */
export async function readReport(
  services: FlowServices,
  tenant: Tenant,
  { flowId, version: name }: Pick<TestRequest, 'flowId' | 'version'>,
): Promise<KeptReport> {
  const bundle = isEnvironment(name)
    ? await servingIn(services, tenant, flowId, name, everything)
    : await readNamed(services, tenant, flowId, name);
  const version = versionOf(bundle);
  const reports = await services.database.asTenants([tenant.id], (tx) => loadReports(tx, [version]));
  return reports.get(version) ?? Promise.reject(neverTested(flowId, name));
}

function neverTested(flowId: string, name: string): MillraceError {
  const message = `The tests of “${flowId}”, ${name}, were never run, or it is no version yet.`;
  return new MillraceError('NOT_FOUND', message, { category: 'not-found' });
}
