import { type JsonObject, readJson, writeJson } from '@millrace/contract';
import { until } from '../../faults/parts/until.ts';
import { type Attack, fell, held, heldUnless } from '../attack.ts';
import { deliver, ensureFlow, parse, run, tryToDeploy } from '../target/flows.ts';
import type { Ended, Target } from '../target/target.ts';

const json = { 'content-type': 'application/json' };
const jsonTests = 'node-library/core/parse/json.test.ts';

/** The document by both ways into a flow: as the body of a webhook, and as a file that is parsed. */
async function byBothWays(target: Target, document: string): Promise<readonly [hook: Ended, file: Ended]> {
  const webhook = { type: 'core/webhook', config: { path: 'json', answer: 'accepted' } };
  await ensureFlow(target, { id: 'json', nodes: [webhook, { type: 'core/map', config: { expression: '$' } }] });
  return [await deliver(target, 'json', document, json), await parse(target, 'json', document)];
}

const refusedWith = (codes: RegExp, documents: readonly string[]): NonNullable<Attack['try']> => {
  return async (targets) => {
    const problems: string[] = [];
    const seen = new Set<string>();
    for (const document of documents)
      for (const { status, code, text } of await byBothWays(await targets.usual(), document)) {
        seen.add(code);
        if (!codes.test(code)) problems.push(`${document.slice(0, 40)} ended ${status} ${text.slice(-200)}`);
      }
    return heldUnless(problems, [...seen].join(', '));
  };
};

/** The digits come out at the end of the run as they went in. */
const keeps = (...digits: readonly string[]): NonNullable<Attack['try']> => {
  return async (targets) => {
    const document = `{"numbers": [${digits.join(', ')}]}`;
    const ended = await byBothWays(await targets.usual(), document);
    const problems = ended.flatMap(({ status, text }) => {
      const { output = null } = readJson(text) as JsonObject;
      return digits
        .filter((number) => !writeJson(output).includes(number))
        .map((number) => `${number} is lost (${status})`);
    });
    return heldUnless(problems, 'by webhook and by file');
  };
};

const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

export const jsonAttacks: readonly Attack[] = [
  {
    number: 30,
    title: 'a depth of 100,000',
    try: refusedWith(/^(TOO_DEEP|JSON_TOO_DEEP)$/, [
      deep(100_000),
      `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    ]),
  },
  {
    number: 31,
    title: 'many elements (5 million, the largest body being 16 MB)',
    async try(targets) {
      const ended = await byBothWays(await targets.usual(), `[${'0,'.repeat(5_000_000)}0]`);
      const wrong = ended.filter(
        ({ status, code }) => status !== 'succeeded' && !/^(EXPRESSION_|\w+_TOO_LARGE)/.test(code),
      );
      return heldUnless(
        wrong.map(({ status, text }) => `it ended ${status} ${text.slice(-200)}`),
        ended.map(({ status, code }) => `${status} ${code}`.trim()).join(' by webhook, by file '),
      );
    },
  },
  {
    number: 32,
    title: 'duplicate keys',
    async try(targets) {
      const ended = await byBothWays(await targets.usual(), '{"qty": 1, "qty": 2}');
      const said = ended.map(({ status, code, output }) => (status === 'succeeded' ? JSON.stringify(output) : code));
      // Either is safe as long as every part of the system sees the same.
      return said[0] === said[1] ? held(`the same by both ways: ${said[0]}`) : fell(said.join(' by webhook, but '));
    },
    tests: [{ file: jsonTests, name: /attack 32/ }],
  },
  {
    number: 33,
    title: '__proto__',
    async try(targets) {
      const target = await targets.usual();
      const ended = await byBothWays(
        target,
        '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}',
      );
      const after = await target.call('POST', '/evaluate', { expression: '[{}.polluted, $.polluted]', input: {} });
      const problems = /polluted|1/.test(after.text) ? [`afterwards: ${after.text}`] : [];
      return heldUnless(problems, ended.map(({ status, code }) => `${status} ${code}`.trim()).join(', '));
    },
    tests: [{ file: jsonTests, name: /attack 33/ }],
  },
  {
    number: 34,
    title: 'NaN and Infinity',
    try: refusedWith(/^(BAD_JSON|JSON_INVALID)$/, ['[NaN]', '[Infinity]', '[-Infinity]', '[1e]']),
  },
  { number: 35, title: '9007199254740993', try: keeps('9007199254740993') },
  { number: 36, title: 'twenty-digit decimals', try: keeps('12345678901234567890.12', '0.10000000000000000001') },
  {
    number: 37,
    title: '\\u0000, lone surrogates',
    try: refusedWith(/^TEXT_NOT_STORABLE$/, ['["a\\u0000"]', '{"\\u0000": 1}', '["\\ud800"]', '["\\udc00x"]']),
  },
  {
    number: 38,
    title: 'a hostile schema: patterns, references elsewhere',
    tests: [{ file: 'runtime/evaluator/attacks.test.ts', name: /\b38 / }],
    async try(targets) {
      const target = await targets.usual();
      const flow = (id: string, schema: object) => ({
        id,
        nodes: [{ type: 'core/manual' }, { type: 'core/validate', config: { schema } }],
      });
      await ensureFlow(target, flow('schema-pattern', { pattern: '^(a+)+$' }));
      const { json } = await target.call('POST', '/flows/schema-pattern/run', { payload: `${'a'.repeat(60)}!` });
      const problems: string[] = [];
      // A time-out may be the machine's fault, so that the step is tried again for two minutes; one attempt shows enough.
      await until('the pattern is stopped', 30_000, async () => {
        const { text } = await target.call('GET', `/runs/${json.runId}`);
        return text.includes('EXPRESSION_TIMEOUT');
      });
      await target.call('POST', `/runs/${json.runId}/cancel`);
      const references = ['http://169.254.169.254/', 'file:///etc/passwd', 'https://example.org/schema.json'];
      for (const [n, $ref] of references.entries()) {
        const deployed = await tryToDeploy(target, flow(`schema-${n}`, { $ref }));
        const ended = deployed.status < 300 ? await run(target, `schema-${n}`, 1) : undefined;
        if (ended?.status === 'succeeded') problems.push(`${$ref} was taken`);
      }
      return heldUnless(problems, 'EXPRESSION_TIMEOUT, no reference is followed');
    },
  },
];
