import { MillraceError } from '@millrace/contract';
import { readVersion } from '../flows/versions.ts';
import { noteChange } from '../postgres/audit/note-change.ts';
import { type KeptVersion, listVersions } from '../postgres/flows/load-versions.ts';
import {
  addTemplateVersion,
  listTemplateVersions,
  loadTemplate,
  saveTemplate,
  setAudience,
  setWithdrawn,
} from '../postgres/templates/templates.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { templateMissing } from './find-template.ts';
import type { Audience, Template, TemplateServices } from './template.ts';
import { isNewer, numberAfter } from './version-number.ts';

export interface Publication {
  readonly flowId: string;
  /** Name or number of a published version of the flow; the newest where left out. */
  readonly release?: string | undefined;
  /** Of the template; the next whole number where left out. */
  readonly version?: string | undefined;
  readonly changelog: string;
  /** Markdown; as before where left out, and so is the audience, which is the tenant itself at first. */
  readonly description?: string | undefined;
  readonly audience?: Audience | undefined;
}

type Services = Pick<TemplateServices, 'database'>;

/**
 * Offers a published version of a flow as a version of the template `<slug>/<flow>`, which comes into being with the first.
 * @throws {MillraceError} `NOT_FOUND`, `VERSION_NOT_PUBLISHED`, `TEMPLATE_VERSION_NOT_NEWER`
 */
export async function publishTemplate(services: Services, tenant: Tenant, asked: Publication): Promise<Template> {
  const { flowId, changelog, audience } = asked;
  const { version: content, bundle } = await publishedVersion(services, tenant, asked);
  const id = `${tenant.slug}/${flowId}`;
  return services.database.asTenants([tenant.id], async (tx) => {
    const before = await loadTemplate(tx, tenant.id, id);
    const described = { description: asked.description ?? before?.description ?? '' };
    const { name, description: summary = null } = bundle.flow;
    const template = { id, tenant: tenant.id, flowId, name, summary, ...described };
    await saveTemplate(tx, template);
    const version = numberFor(asked.version, (await listTemplateVersions(tx, id))[0]?.version);
    await addTemplateVersion(tx, template, { version, content, changelog, bundle });
    if (audience !== undefined) await setAudience(tx, template, audience);
    const after = (await loadTemplate(tx, tenant.id, id)) as Template;
    const values = { before: before && { ...before }, after: { ...after, content, changelog } };
    await noteChange(tx, { tenant: tenant.id, action: 'templates.publish', target: `templates/${id}`, ...values });
    return after;
  });
}

async function publishedVersion(
  services: Services,
  tenant: Tenant,
  { flowId, release }: Publication,
): Promise<KeptVersion> {
  const newest = async () => (await services.database.asTenants([tenant.id], (tx) => listVersions(tx, flowId)))[0];
  const name = release ?? (await newest())?.version;
  const found = name === undefined ? undefined : await readVersion(services, tenant, flowId, name);
  if (found && found.number !== null) return found;
  const message = `Publish a version of “${flowId}” first; a template is made of that.`;
  throw new MillraceError('VERSION_NOT_PUBLISHED', message, { category: 'not-found', pointer: '/flow' });
}

function numberFor(asked: string | undefined, newest: string | undefined): string {
  if (asked === undefined || newest === undefined || isNewer(asked, newest)) return asked ?? numberAfter(newest);
  const message = `The version ${asked} does not come after ${newest}, which is there already.`;
  throw new MillraceError('TEMPLATE_VERSION_NOT_NEWER', message, { pointer: '/version' });
}

/**
 * Says anew who may see a template of the tenant, or withdraws it, or offers it again.
 * @throws {MillraceError} `NOT_FOUND` also where another tenant publishes it
 */
export async function changeTemplate(
  { database }: Services,
  tenant: Tenant,
  id: string,
  { audience, withdrawn }: { readonly audience?: Audience | undefined; readonly withdrawn?: boolean | undefined },
): Promise<Template> {
  return database.asTenants([tenant.id], async (tx) => {
    const before = await loadTemplate(tx, tenant.id, id);
    if (before?.publisher !== tenant.slug) throw templateMissing(id);
    const template = { id, tenant: tenant.id };
    if (audience !== undefined) await setAudience(tx, template, audience);
    if (withdrawn !== undefined) await setWithdrawn(tx, template, withdrawn);
    const after = (await loadTemplate(tx, tenant.id, id)) as Template;
    const values = { before: { ...before }, after: { ...after } };
    await noteChange(tx, { tenant: tenant.id, action: 'templates.publish', target: `templates/${id}`, ...values });
    return after;
  });
}
