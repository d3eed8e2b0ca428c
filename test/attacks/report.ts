import { type Attack, fell, held, type Verdict } from './attack.ts';

/** One line of the table. */
export function resultLine({ number, title }: Attack, verdict: Verdict): string {
  return `${String(number).padStart(3)} ${title}: ${wordsOf(verdict)}`;
}

function wordsOf(verdict: Verdict): string {
  if (verdict.kind === 'held') return `held (${verdict.how})`;
  return verdict.kind === 'fell' ? `FELL: ${verdict.what}` : `not tried: ${verdict.why}`;
}

/** A case that is tried in several ways holds where it holds in all of them; ways that could not be tried are left out. */
export function joined(verdicts: readonly Verdict[]): Verdict {
  const wrong = verdicts.filter((verdict) => verdict.kind === 'fell');
  if (wrong.length > 0) return fell(wrong.map(({ what }) => what).join('; '));
  const good = verdicts.filter((verdict) => verdict.kind === 'held');
  if (good.length > 0) return held(good.map(({ how }) => how).join('; '));
  return verdicts[0] ?? { kind: 'not tried', why: 'nobody has written how' };
}

/** What is not tried is never counted as held. */
export function summary(verdicts: readonly Verdict[]): { readonly text: string; readonly fell: number } {
  const tried = verdicts.filter(({ kind }) => kind !== 'not tried').length;
  const held = verdicts.filter(({ kind }) => kind === 'held').length;
  const left = verdicts.length - tried;
  return { text: `tried ${tried}, held ${held}${left > 0 ? ` (${left} not tried)` : ''}`, fell: tried - held };
}
