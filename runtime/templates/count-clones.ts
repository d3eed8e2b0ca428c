import { type CloneCount, countClones } from '../postgres/templates/clones.ts';
import type { Tenant } from '../postgres/tenants/tenants.ts';
import { readTemplate, templateMissing } from './find-template.ts';
import type { TemplateServices } from './template.ts';

/**
 * How many clones of a template there are at each version, in all tenants together; for its publisher alone.
 * @throws {MillraceError} `NOT_FOUND` also where another tenant publishes it
 */
export async function countClonesOf(
  services: Pick<TemplateServices, 'database' | 'shipped'>,
  tenant: Tenant,
  id: string,
): Promise<CloneCount[]> {
  const { publisher } = await readTemplate(services, tenant, id);
  if (publisher !== tenant.slug) throw templateMissing(id);
  return services.database.asScanner((tx) => countClones(tx, id));
}
