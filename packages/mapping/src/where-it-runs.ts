import { analyse as analyseTypes, type Diagnostic } from '@millrace/jsonata/language';
import { analyse } from './analyse.ts';
import { compile } from './compile.ts';
import { hostKnowledge } from './functions/knowledge.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';

/** Where an expression is evaluated, as far as its text tells. */
export interface WhereItRuns {
  /**
   * `engine`: in the process of the engine, as long as it needs little. `guarded`: in a process of its own that is ended
   * when it takes too long. `refused`: it fails when it comes to what flows must not do.
   */
  readonly runs: 'engine' | 'guarded' | 'refused';
  /** Why not in the engine's process, with the places in the text. */
  readonly why: readonly Reason[];
}

export interface Reason {
  /** REGEX_BACKTRACKS, EVAL_OFF */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  readonly range: { readonly from: number; readonly to: number };
}

const sentences: Readonly<Record<string, Omit<Reason, 'range'>>> = {
  S0303: {
    code: 'REGEX_BACKTRACKS',
    message: 'Its regular expression uses look-around or a back-reference and can take any time.',
  },
  D3122: { code: 'EVAL_OFF', message: '$eval is switched off: text from data is never run as an expression.' },
};

const inEngine: WhereItRuns = { runs: 'engine', why: [] };
const cache = new LeastRecentlyUsed<WhereItRuns>(1_000_000);

/** Says of a text where it is evaluated; one that cannot be read is evaluated nowhere. */
export function whereItRuns(text: string): WhereItRuns {
  return cache.get(text, text.length + 200, () => look(text));
}

function look(text: string): WhereItRuns {
  if (analyse(text).error) return { runs: 'refused', why: [] };
  const { expression } = compile(text);
  if (!expression.backtracks && !text.includes('$eval')) return inEngine;
  // Without leave to backtrack each of its regular expressions is told that would.
  const { diagnostics } = analyseTypes(expression, { functions: hostKnowledge });
  const why = diagnostics.flatMap(reasonIn);
  if (why.length === 0) return inEngine;
  return { runs: why.some(({ code }) => code === 'EVAL_OFF') ? 'refused' : 'guarded', why };
}

function reasonIn({ code, from, to }: Diagnostic): readonly Reason[] {
  const sentence = sentences[code];
  return sentence ? [{ ...sentence, range: { from, to } }] : [];
}
