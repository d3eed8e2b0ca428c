import { MillraceError } from '@millrace/contract';
import {
  listTemplates,
  listTemplateVersions,
  loadTemplate,
  loadTemplateVersion,
} from '../postgres/templates/templates.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import type { ShippedTemplate } from './shipped.ts';
import type { OfferedVersion, Template, TemplateServices, TemplateVersion } from './template.ts';

type Services = Pick<TemplateServices, 'database' | 'shipped'>;

/**
 * Templates that a tenant may see: those that come with Millrace, then those that tenants publish.
 * @param text each of its words must occur in what a template says of itself
 */
export async function findTemplates({ database, shipped }: Services, tenant: Tenant, text = ''): Promise<Template[]> {
  const published = await database.asTenants([tenant.id], (tx) => listTemplates(tx, tenant.id));
  const words = text.toLowerCase().split(/\s+/);
  return [...shipped().map(({ template }) => template), ...published].filter((template) => speaksOf(template, words));
}

function speaksOf({ id, name, summary, description }: Template, words: readonly string[]): boolean {
  const text = [id, name, summary, description].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** A template and its versions, newest first. @throws {MillraceError} `NOT_FOUND` also where it is not for this tenant */
export async function readTemplate(
  { database, shipped }: Services,
  tenant: Tenant,
  id: string,
): Promise<Template & { readonly versions: readonly TemplateVersion[] }> {
  const ours = shipped().find(({ template }) => template.id === id);
  if (ours) return { ...ours.template, versions: [await versionShipped(ours)] };
  return database.asTenants([tenant.id], async (tx) => {
    const template = await loadTemplate(tx, tenant.id, id);
    if (!template) throw templateMissing(id);
    return { ...template, versions: await listTemplateVersions(tx, id) };
  });
}

async function versionShipped({ offered }: ShippedTemplate): Promise<TemplateVersion> {
  const { version, content } = await offered();
  return { version, content, changelog: '', publishedAt: null };
}

/**
 * A version of a template with all that it holds.
 * @param version the newest where left out
 * @throws {MillraceError} `NOT_FOUND`
 */
export async function readOffered(
  { database, shipped }: Services,
  tenant: Tenant,
  id: string,
  version?: string,
): Promise<OfferedVersion> {
  const ours = shipped().find(({ template }) => template.id === id);
  const found =
    (await ours?.offered()) ?? (await database.asTenants([tenant.id], (tx) => loadTemplateVersion(tx, id, version)));
  if (found && (version === undefined || found.version === version)) return found;
  if (version === undefined) throw templateMissing(id);
  await readTemplate({ database, shipped }, tenant, id);
  const message = `The template “${id}” has no version ${version}.`;
  throw new MillraceError('NOT_FOUND', message, { category: 'not-found', pointer: '/version' });
}

export function templateMissing(id: string): MillraceError {
  const message = `There is no template “${id}”, or it is not offered to you.`;
  return new MillraceError('NOT_FOUND', message, { category: 'not-found' });
}
