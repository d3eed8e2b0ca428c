import { isObject, type Json, MillraceError, readJson, writeJson } from '@millrace/contract';
import type { Evaluator } from '../evaluator/evaluator.ts';
import { type EvaluationResult, type EvaluationTask, Lines } from '../evaluator/protocol.ts';

type Evaluate = (tasks: readonly EvaluationTask[]) => ReturnType<Evaluator['evaluate']>;

/** Lines that travel together at most; what one call of the evaluator may take is shared between them. */
const maxBatch = 128;
/** Failures that a line may owe to the others of its batch. */
const shared = new Set([
  'EXPRESSION_TIMEOUT',
  'EXPRESSION_MEMORY',
  'EXPRESSION_OUTPUT_TOO_LARGE',
  'EXPRESSION_CRASHED',
  'DATA_TOO_DEEP',
]);

/**
 * Answers every line `{"expr", "input", "bindings"}` of a text by one line, in order: `{"result"}`, `{}` where the
 * expression has no value, `{"error": {"code", "message"}}` where it fails or the line asks for nothing. `code` is
 * JSONata's own where JSONata refuses (`T2001`), ours otherwise. Holds the lines of one chunk at a time.
 * @param chunks the text, cut anywhere
 * @param now ISO time that the expressions see
 */
export async function* answerLines(
  chunks: AsyncIterable<string> | Iterable<string>,
  evaluate: Evaluate,
  now: string,
): AsyncGenerator<string> {
  const answerer = new Answerer(evaluate, now);
  const waiting: string[] = [];
  const lines = new Lines((line) => waiting.push(line));
  for await (const chunk of chunks) {
    lines.add(chunk);
    yield* answerer.answers(waiting.splice(0));
  }
  if (lines.pending > 0) lines.add('\n');
  yield* answerer.answers(waiting);
}

/**
 * Batches grow while they go well. Where one comes to grief its lines are evaluated one by one, so that each has the
 * evaluator's limits to itself: evaluating again gives the same.
 */
class Answerer {
  readonly #evaluate: Evaluate;
  readonly #now: string;
  #line = 0;
  #batch = 1;

  constructor(evaluate: Evaluate, now: string) {
    this.#evaluate = evaluate;
    this.#now = now;
  }

  async *answers(lines: readonly string[]): AsyncGenerator<string> {
    for (let at = 0; at < lines.length; ) {
      const batch = lines.slice(at, at + this.#batch).map((line) => this.#asked(line));
      at += batch.length;
      yield await this.#answersTo(batch);
    }
  }

  async #answersTo(asked: readonly Asked[]): Promise<string> {
    const tasks = asked.flatMap((each) => ('task' in each ? [each.task] : []));
    const results = (await this.#resultsOf(tasks)).values();
    const answers = asked.map((each) =>
      'task' in each ? answerOf(results.next().value as EvaluationResult) : each.answer,
    );
    return answers.map((answer) => `${writeJson(answer)}\n`).join('');
  }

  async #resultsOf(tasks: readonly EvaluationTask[]): Promise<readonly EvaluationResult[]> {
    const results = await this.#evaluate(tasks);
    if (tasks.length < 2 || !results.some((result) => !result.ok && shared.has(result.error.code))) {
      this.#batch = Math.min(this.#batch * 2, maxBatch);
      return results;
    }
    this.#batch = 1;
    const alone: EvaluationResult[] = [];
    for (const task of tasks) alone.push(...(await this.#evaluate([task])));
    return alone;
  }

  #asked(line: string): Asked {
    this.#line += 1;
    try {
      const { expr, input, bindings = {} } = read(line);
      const seed = `${this.#now} ${this.#line}`;
      return { task: { kind: 'expression', text: expr, input, bindings, now: this.#now, seed } };
    } catch (thrown) {
      if (!(thrown instanceof MillraceError)) throw thrown;
      return { answer: { error: { code: thrown.code, message: thrown.message } } };
    }
  }
}

/** What a line asks for, or the answer to one that asks for nothing. */
type Asked = { readonly task: EvaluationTask } | { readonly answer: Json };

interface Line {
  readonly expr: string;
  /** What `$` is; nothing where it is left out. */
  readonly input?: Json;
  readonly bindings?: Readonly<Record<string, Json>>;
}

/** @throws {MillraceError} `BAD_JSON`, `LINE_INVALID` */
function read(line: string): Line {
  const value = parsed(line.replace(/^\uFEFF/, ''));
  const unknown = isObject(value) ? Object.keys(value).filter((name) => !fields.has(name)) : [];
  if (!isObject(value) || typeof value.expr !== 'string') throw invalid('A line is an object with an “expr”, a text.');
  if (unknown.length > 0) throw invalid(`A line has “expr”, “input” and “bindings”, not “${unknown.join('”, “')}”.`);
  if (value.bindings !== undefined && !isObject(value.bindings))
    throw invalid('“bindings” is an object: values by name, without the $.');
  return value as unknown as Line;
}

const fields: ReadonlySet<string> = new Set(['expr', 'input', 'bindings']);

function parsed(line: string): Json {
  try {
    return readJson(line);
  } catch {
    throw new MillraceError('BAD_JSON', 'The line is not JSON.');
  }
}

function invalid(message: string): MillraceError {
  return new MillraceError('LINE_INVALID', message);
}

function answerOf(result: EvaluationResult): Json {
  if (result.ok) return result.value === undefined ? {} : { result: result.value };
  const { code, message, details } = result.error;
  const own = isObject(details) ? details.jsonata : undefined;
  return { error: { code: typeof own === 'string' ? own : code, message } };
}
