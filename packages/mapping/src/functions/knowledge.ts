import {
  builtInFunctions,
  canBe,
  type FunctionCall,
  type FunctionKnowledge,
  givenAll,
  itemOf,
  listOf,
  ofKind,
  type Shape,
  unknown,
  withPresence,
} from '@millrace/jsonata/language';
import { hostDocs } from './docs.ts';
import { hostFunctions } from './register.ts';

const amount = ({ args }: FunctionCall): Shape => givenAll(ofKind('number'), args);

/** What functions give besides what their signatures say. */
const results: Readonly<Record<string, (call: FunctionCall) => Shape>> = {
  list({ args: [source = unknown, each], answer }) {
    const isFilled = source.presence === 'always' && (!canBe(source, 'array') || source.filled);
    if (!each) return listOf(itemOf(source), isFilled);
    const answered = answer();
    return listOf(withPresence(answered, 'always'), isFilled && answered.presence === 'always');
  },
  required: ({ args: [value = unknown] }) => withPresence(value, 'always'),
  // With an object in place of a table it is JSONata's own function.
  lookup: (call) => (canBe(call.args[0] ?? unknown, 'string') ? unknown : lookupIn(call)),
  ...Object.fromEntries(
    Object.keys(hostFunctions).flatMap((name) => (name.startsWith('money') ? [[name, amount] as const] : [])),
  ),
};

function lookupIn(call: FunctionCall): Shape {
  return builtInFunctions.get('lookup')?.result?.(call) ?? unknown;
}

const eachOfList = {
  argument: 1,
  with: ([source = unknown]: readonly Shape[]) => [itemOf(source), ofKind('number')],
};

/** JSONata's own `$eval` as a flow has it. */
const evalIsOff: FunctionKnowledge = {
  ...builtInFunctions.get('eval'),
  refused: 'D3122',
  docs: {
    parameters: 'text, input?',
    summary: 'Switched off in flows: text from data is never run as an expression.',
    example: { expression: '$exists($eval)', result: true },
  },
};

/** What is known of our functions, for checks and editors; by name without the `$`. */
export const hostKnowledge: ReadonlyMap<string, FunctionKnowledge> = new Map([
  ['eval', evalIsOff],
  ...Object.entries(hostFunctions).map(([name, { signature }]): [string, FunctionKnowledge] => [
    name,
    { signature, docs: hostDocs[name], result: results[name], ...(name === 'list' && { callsBack: eachOfList }) },
  ]),
]);
