import { MillraceError } from '@millrace/contract';
import { type Command, Option } from 'commander';
import {
  type EnvironmentRetention,
  loadTenantRetention,
  saveTenantRetention,
  type TenantRetention,
} from '../postgres/history/tenant-retention.ts';
import { atTenantData } from './at-database.ts';
import { printRow } from './print-row.ts';

interface Setting {
  readonly tenant: string;
  readonly environment: 'sandbox' | 'production';
  readonly steps?: number | null;
  readonly runs?: number | null;
  readonly audit?: number | null;
}

/** `millrace retention …`: for how long a tenant keeps what. */
export function addRetention(program: Command): void {
  const retention = program.command('retention').description('for how long runs, their data and the audit are kept');
  retention
    .command('show')
    .description('days by environment, and of the audit')
    .option('--tenant <slug>', 'whose', 'demo')
    .action(show);
  retention
    .command('set')
    .description('say for how many days; “class” is what the class of the flow says, and the audit is kept for good')
    .option('--tenant <slug>', 'whose', 'demo')
    .addOption(new Option('--environment <name>', 'where').choices(['sandbox', 'production']).default('production'))
    .option('--steps <days>', 'what steps of finished runs got and gave, with signals and files', daysFrom(1))
    .option('--runs <days>', 'finished runs altogether', daysFrom(1))
    .option('--audit <days>', 'entries of the audit, in all environments', daysFrom(30))
    .action(set);
}

async function show({ tenant }: { readonly tenant: string }): Promise<void> {
  print(await atTenantData(tenant, ({ work, id }) => work((tx) => loadTenantRetention(tx, id))));
}

async function set({ tenant, environment, steps, runs, audit }: Setting): Promise<void> {
  const saved = await atTenantData(tenant, ({ work, id }) =>
    work(async (tx) => {
      const present = await loadTenantRetention(tx, id);
      const { stepDays, runDays } = present[environment];
      const next = {
        ...present,
        [environment]: { stepDays: or(steps, stepDays), runDays: or(runs, runDays) },
        auditDays: or(audit, present.auditDays),
      };
      await saveTenantRetention(tx, id, next);
      return next;
    }),
  );
  print(saved);
}

function or(given: number | null | undefined, present: number | null): number | null {
  return given === undefined ? present : given;
}

function print({ sandbox, production, auditDays }: TenantRetention): void {
  const row = (name: string, { stepDays, runDays }: EnvironmentRetention) =>
    printRow(name, `steps ${told(stepDays)}`, `runs ${told(runDays)}`);
  row('sandbox', sandbox);
  row('production', production);
  printRow('audit', auditDays === null ? 'for good' : told(auditDays));
}

function told(days: number | null): string {
  return days === null ? 'class' : `${days} days`;
}

function daysFrom(least: number): (text: string) => number | null {
  return (text) => {
    const days = Number(text);
    if (text === 'class') return null;
    if (/^\d{1,5}$/.test(text) && days >= least && days <= 36_500) return days;
    throw new MillraceError('OPTION_INVALID', `Days are a number of ${least} or more, or “class”, not “${text}”.`);
  };
}
