import { type Json, MillraceError } from '@millrace/contract';
import type { FieldMap } from '@millrace/mapping';
import Type from 'typebox';
import { layOver } from '../../mappings/own-lines.ts';
import { listInForce, loadOverride } from '../../postgres/mappings/overrides.ts';
import type { PartPlace } from '../configuration.ts';
import { jsonFile } from '../folder/file-form.ts';
import type { Application, Kind } from '../kind.ts';
import { tellJson } from '../tell-json.ts';

const Lines = Type.Object(
  { fields: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: 2000 }) },
  { additionalProperties: false },
);

/** Lines of the tenant's own over mappings in layers, called `<flow>/<mapping>`. Those of production are promoted. */
export const mappingLines: Kind = {
  id: 'mapping-lines',
  hasEnvironment: true,
  action: 'mappings.edit',
  named: /^[A-Za-z][A-Za-z0-9_-]{0,63}\/[A-Za-z][A-Za-z0-9_.-]{0,99}$/,
  shape: Lines,
  files: jsonFile,
  async read(tx) {
    const inForce = (await listInForce(tx)).filter(({ fields }) => fields.length > 0);
    return inForce.map(({ environment, flowId, mapping, fields }) => ({
      environment,
      name: `${flowId}/${mapping}`,
      value: { fields } as unknown as Json,
      target: `flows/${flowId}/mappings/${mapping}`,
    }));
  },
  canonical: (value) => value,
  tell: tellJson,
  async apply(application) {
    await lay(application, (application.after as unknown as { fields: FieldMap }).fields);
    return [];
  },
  remove: (application) => lay(application, []),
};

async function lay(
  { services, tenant, place, by, require }: Omit<Application, 'after'>,
  fields: FieldMap,
): Promise<void> {
  const { flowId, mapping } = namesIn(place);
  if (place.environment !== 'sandbox')
    throw new MillraceError('MAPPING_LINES_PROMOTED', 'Lines in production are promoted there, not pushed.');
  const address = { tenant: tenant.id, environment: 'sandbox', flowId, mapping };
  const present = await services.database.asTenants([tenant.id], (tx) => loadOverride(tx, address));
  await layOver(
    services,
    { tenant, flowId, mapping },
    { fields, basedOn: present?.id ?? null },
    { by, demand: require },
  );
}

function namesIn({ name }: PartPlace): { readonly flowId: string; readonly mapping: string } {
  const [flowId = '', mapping = ''] = name.split('/');
  return { flowId, mapping };
}
