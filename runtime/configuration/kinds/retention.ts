import { isObject, type Json, MillraceError, type Problem } from '@millrace/contract';
import { pointer } from '@millrace/flow';
import Type from 'typebox';
import type { Tx } from '../../postgres/database.ts';
import {
  listRetention,
  type RetentionClass,
  retentionClasses,
  setRetention,
} from '../../postgres/history/retention.ts';
import { loadTenantRetention, saveTenantRetention } from '../../postgres/history/tenant-retention.ts';
import { jsonFile } from '../folder/file-form.ts';
import type { Kind } from '../kind.ts';
import { tellJson } from '../tell-json.ts';

const Days = (minimum: number) => Type.Union([Type.Integer({ minimum, maximum: 36_500 }), Type.Null()]);
const Environment = Type.Object(
  {
    stepDays: Days(1),
    runDays: Days(1),
    flows: Type.Record(Type.String(), Type.Enum([...retentionClasses]), { description: 'Flow → class, unless normal' }),
  },
  { additionalProperties: false },
);
const Retention = Type.Object(
  { sandbox: Environment, production: Environment, auditDays: Days(30) },
  { additionalProperties: false },
);
interface InEnvironment {
  readonly stepDays: number | null;
  readonly runDays: number | null;
  readonly flows: Readonly<Record<string, RetentionClass>>;
}
interface Retention {
  readonly sandbox: InEnvironment;
  readonly production: InEnvironment;
  readonly auditDays: number | null;
}

const environments = ['sandbox', 'production'] as const;

/** For how long what is kept: one part for the whole tenant. */
export const retention: Kind = {
  id: 'retention',
  hasEnvironment: false,
  action: 'retention.set',
  named: /^tenant$/,
  shape: Retention,
  files: jsonFile,
  async read(tx, { id: tenant }) {
    const { sandbox, production, auditDays } = await loadTenantRetention(tx, tenant);
    const value = {
      sandbox: { ...sandbox, flows: await classesIn(tx, 'sandbox') },
      production: { ...production, flows: await classesIn(tx, 'production') },
      auditDays,
    };
    return [{ environment: '', name: 'tenant', value, target: 'retention' }];
  },
  canonical: (value) => value,
  tell: tellJson,
  async apply({ services, tenant, before, after }) {
    const wanted = retentionOf(after);
    await services.database.asTenants([tenant.id], async (tx) => {
      const problems: Problem[] = [];
      for (const environment of environments) {
        const present = before === undefined ? {} : retentionOf(before)[environment].flows;
        problems.push(...(await setClasses(tx, environment, present, wanted[environment].flows)));
      }
      const [first] = problems;
      if (first) throw new MillraceError(first.code, first.message, { problems, pointer: first.pointer });
      const { sandbox, production, auditDays } = wanted;
      await saveTenantRetention(tx, tenant.id, { sandbox: daysOf(sandbox), production: daysOf(production), auditDays });
    });
    return [];
  },
};

async function classesIn(tx: Tx, environment: string): Promise<Record<string, RetentionClass>> {
  const all = await listRetention(tx, environment);
  return Object.fromEntries(
    all.filter(({ retention }) => retention !== 'normal').map(({ flowId, retention }) => [flowId, retention]),
  );
}

/** Answers what could not be set. */
async function setClasses(
  tx: Tx,
  environment: string,
  present: InEnvironment['flows'],
  wanted: InEnvironment['flows'],
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const flowId of new Set([...Object.keys(present), ...Object.keys(wanted)])) {
    const retention = wanted[flowId] ?? 'normal';
    if (retention === (present[flowId] ?? 'normal')) continue;
    if (!(await setRetention(tx, { environment, flowId }, retention))) problems.push(notDeployed(environment, flowId));
  }
  return problems;
}

function notDeployed(environment: string, flowId: string): Problem {
  const message = `The flow “${flowId}” is not deployed in ${environment}.`;
  return { code: 'FLOW_NOT_DEPLOYED', pointer: pointer(environment, 'flows', flowId), message };
}

function daysOf({ stepDays, runDays }: InEnvironment) {
  return { stepDays, runDays };
}

function retentionOf(value: Json): Retention {
  return (isObject(value) ? value : {}) as unknown as Retention;
}
