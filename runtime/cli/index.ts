import { Command } from 'commander';
import { addConfig } from './config.ts';
import { addEval } from './eval.ts';
import { failureOf } from './failure.ts';
import { addFlow } from './flow.ts';
import { addKey } from './key.ts';
import { addReference } from './reference.ts';
import { addRelease } from './release.ts';
import { addRun } from './run.ts';
import { addServe } from './serve.ts';

const program = new Command('millrace')
  .description('Millrace: flows that carry orders out and bring their acknowledgements back')
  .exitOverride();
for (const add of [addServe, addConfig, addFlow, addRelease, addRun, addEval, addKey, addReference]) add(program);

try {
  await program.parseAsync();
} catch (thrown) {
  const { text, code } = failureOf(thrown);
  if (text) console.error(text);
  process.exitCode = code;
}
