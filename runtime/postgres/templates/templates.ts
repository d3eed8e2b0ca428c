import type { FlowBundle } from '@millrace/flow';
import { sql } from 'kysely';
import type { Audience, OfferedVersion, Template, TemplateVersion } from '../../templates/template.ts';
import type { Tx } from '../database.ts';
import { json } from '../json.ts';

/** The published templates that a tenant (id) may see, by their ids. */
export async function listTemplates(tx: Tx, tenant: string): Promise<Template[]> {
  const { rows } = await sql<Template>`${heads(tenant)} order by id`.execute(tx);
  return rows;
}

export async function loadTemplate(tx: Tx, tenant: string, id: string): Promise<Template | undefined> {
  const { rows } = await sql<Template>`${heads(tenant)} where id = ${id}`.execute(tx);
  return rows[0];
}

function heads(tenant: string) {
  return sql`
    select id, name, summary, description, split_part(id, '/', 1) as publisher, withdrawn,
      (select version from millrace.template_version where template = id order by position desc limit 1) as version,
      case when tenant_id = ${tenant} then
        case audience
          when 'named' then
            (select json_agg(reader order by reader) from millrace.template_reader where template = id)
          else to_json(audience)
        end
      end as audience
    from millrace.template`;
}

/** Of a published template, newest first. */
export async function listTemplateVersions(tx: Tx, id: string): Promise<TemplateVersion[]> {
  const { rows } = await sql<TemplateVersion>`
    select version, content, changelog, published_at as "publishedAt"
    from millrace.template_version where template = ${id} order by position desc`.execute(tx);
  return rows;
}

/** That of the number, or the newest. */
export async function loadTemplateVersion(tx: Tx, id: string, version?: string): Promise<OfferedVersion | undefined> {
  const { rows } = await sql<OfferedVersion>`
    select version, content, bundle from millrace.template_version
    where template = ${id} ${version === undefined ? sql`` : sql`and version = ${version}`}
    order by position desc limit 1`.execute(tx);
  return rows[0];
}

/** A template as its publisher describes it. */
export interface NewTemplate {
  readonly id: string;
  /** Id of the publisher. */
  readonly tenant: string;
  readonly flowId: string;
  readonly name: string;
  readonly summary: string | null;
  readonly description: string;
}

/** Makes the template, or describes it anew; it is locked until the transaction ends, and is not withdrawn any more. */
export async function saveTemplate(tx: Tx, template: NewTemplate): Promise<void> {
  const { id, tenant, flowId, name, summary, description } = template;
  await sql`
    insert into millrace.template (id, tenant_id, flow_id, name, summary, description, audience)
    values (${id}, ${tenant}, ${flowId}, ${name}, ${summary}, ${description}, 'own')
    on conflict (id) do update set
      name = excluded.name, summary = excluded.summary, description = excluded.description, withdrawn = false`.execute(
    tx,
  );
}

export async function addTemplateVersion(
  tx: Tx,
  { id, tenant }: Pick<NewTemplate, 'id' | 'tenant'>,
  added: Pick<TemplateVersion, 'version' | 'content' | 'changelog'> & { readonly bundle: FlowBundle },
): Promise<void> {
  const { version, content, changelog, bundle } = added;
  await sql`
    insert into millrace.template_version (template, tenant_id, version, content, bundle, changelog)
    values (${id}, ${tenant}, ${version}, ${content}, ${json(bundle)}, ${changelog})`.execute(tx);
}

/** Says who may see the publisher's template. */
export async function setAudience(
  tx: Tx,
  { id, tenant }: Pick<NewTemplate, 'id' | 'tenant'>,
  audience: Audience,
): Promise<void> {
  const [kind, readers] = typeof audience === 'string' ? [audience, []] : ['named', audience];
  await sql`update millrace.template set audience = ${kind} where id = ${id} and tenant_id = ${tenant}`.execute(tx);
  await sql`delete from millrace.template_reader where template = ${id} and tenant_id = ${tenant}`.execute(tx);
  await sql`
    insert into millrace.template_reader (template, tenant_id, reader)
    select distinct ${id}, ${tenant}::uuid, reader from unnest(${readers}::text[]) as reader`.execute(tx);
}

export async function setWithdrawn(
  tx: Tx,
  { id, tenant }: Pick<NewTemplate, 'id' | 'tenant'>,
  withdrawn: boolean,
): Promise<void> {
  await sql`
    update millrace.template set withdrawn = ${withdrawn} where id = ${id} and tenant_id = ${tenant}`.execute(tx);
}
