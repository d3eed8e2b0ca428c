import type { Frame } from '../../frame.ts';
import type { NodeOf, Syntax } from '../../front/syntax.ts';
import { empty } from '../../value/list.ts';
import { type Closure, type Code, code } from '../code.ts';
import { compilePairs, groupCode } from '../group.ts';
import type { Scope } from '../scope.ts';
import { type Ending, endingOf, grouping } from './ending.ts';
import { isPlainName, nameChain } from './names.ts';
import { compileStep, markContext, type Step } from './step.ts';
import { compileTuplePath } from './tuple-path.ts';

type Path = NodeOf<'path'>;

/** `a.b.(…)`: each step is evaluated for each item that the step before has given. */
export function compilePath(node: Path, scope: Scope): Code {
  if (node.steps.some(({ tuple }) => tuple)) return compileTuplePath(node, scope);
  if (node.steps.every(isPlainName) && isPlain(node)) return code(nameChain(node.steps, 0));
  if (isChainFromValue(node)) return chainFromValue(node, scope);
  const group = node.group && groupCode(compilePairs(node.group, scope));
  return general(node, scope, group ? grouping(group.run) : endingOf(node), group ? [group] : []);
}

function isPlain({ group, keepSingletonArray, keepArray }: Path): boolean {
  return !group && !keepSingletonArray && !keepArray;
}

/** `$x.a.b`: the value first, then nothing but names. */
function isChainFromValue(node: Path): boolean {
  const [first, ...names] = node.steps as [Syntax, ...Syntax[]];
  if (!isPlain(node) || first.type !== 'variable' || first.stages) return false;
  return names.length > 0 && names.every(isPlainName);
}

function chainFromValue({ steps }: Path, scope: Scope): Code {
  const base = scope.unit.compile(steps[0] as Syntax, scope);
  const { run } = base;
  const follow = nameChain(steps, 1);
  return code(
    (input, frame) => {
      const value = run(input, frame);
      return Array.isArray(value) && frame.run.marks.isItem(value) ? follow([value], frame) : follow(value, frame);
    },
    [base],
  );
}

function general({ steps }: Path, scope: Scope, ending: Ending, after: readonly Code[]): Code {
  const [first] = steps as [Syntax];
  const compiled = steps.map((step, index) =>
    compileStep(step, scope, index === 0, index === steps.length - 1 ? ending : undefined),
  );
  const run = walked(compiled, first.type === 'variable', ending);
  const height = Math.max(...compiled.map((step) => step.height));
  return code(run, [], [{ run, cost: 0, height }, ...after]);
}

function walked(steps: readonly Step[], startsWithVariable: boolean, ending: Ending): Closure {
  const before = steps.slice(0, -1);
  const last = steps.at(-1) as Step;
  const takesItems = !startsWithVariable;
  const takesSequence = steps[0]?.givesList === true;
  return (input, frame: Frame) => {
    let items = takesItems && Array.isArray(input) ? (input as unknown[]) : [input];
    if (takesSequence && items !== input) markContext(items, frame);
    for (let index = 0; index < before.length; index++) {
      const { walk, givesList } = before[index] as Step;
      items = walk(items, frame) as unknown[];
      if (items.length > 0) continue;
      return givesList && items !== empty ? ending.list(items, frame) : ending.sequence(items, frame);
    }
    return last.walk(items, frame);
  };
}
