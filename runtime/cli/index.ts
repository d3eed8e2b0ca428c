import { Command } from 'commander';
import { failureOf } from './failure.ts';

/** Loaded only when it is called (all of them for the help): most commands need a small part of Millrace. */
const commands = new Map<string, () => Promise<(program: Command) => void>>([
  ['serve', async () => (await import('./serve.ts')).addServe],
  ['config', async () => (await import('./config.ts')).addConfig],
  ['flow', async () => (await import('./flow.ts')).addFlow],
  ['pull', async () => (await import('./pull.ts')).addPull],
  ['diff', async () => (await import('./diff.ts')).addDiff],
  ['push', async () => (await import('./push.ts')).addPush],
  ['mapping', async () => (await import('./mapping.ts')).addMapping],
  ['release', async () => (await import('./release.ts')).addRelease],
  ['promotion', async () => (await import('./promotion.ts')).addPromotion],
  ['template', async () => (await import('./template.ts')).addTemplate],
  ['connection', async () => (await import('./connection.ts')).addConnection],
  ['run', async () => (await import('./run.ts')).addRun],
  ['eval', async () => (await import('./eval.ts')).addEval],
  ['tenant', async () => (await import('./tenant.ts')).addTenant],
  ['member', async () => (await import('./member.ts')).addMember],
  ['sign-in', async () => (await import('./sign-in.ts')).addSignIn],
  ['key', async () => (await import('./key.ts')).addKey],
  ['keys', async () => (await import('./keys.ts')).addKeys],
  ['database', async () => (await import('./database.ts')).addDatabase],
  ['audit', async () => (await import('./audit.ts')).addAudit],
  ['retention', async () => (await import('./retention.ts')).addRetention],
  ['erase', async () => (await import('./erase.ts')).addErase],
  ['reference', async () => (await import('./reference.ts')).addReference],
]);

const program = new Command('millrace')
  .description('Millrace: flows that carry orders out and bring their acknowledgements back')
  .exitOverride();
const called = commands.get(process.argv[2] ?? '');
for (const load of called ? [called] : commands.values()) (await load())(program);

try {
  await program.parseAsync();
} catch (thrown) {
  const { text, code } = failureOf(thrown);
  if (text) console.error(text);
  process.exitCode = code;
}
