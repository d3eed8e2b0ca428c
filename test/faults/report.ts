import type { Fault, Finding } from './fault.ts';

/** One line of the table. */
export function resultLine({ id, title }: Fault, finding: Finding, ms: number): string {
  const what = finding.notTried === undefined ? (finding.problems.length > 0 ? 'FELL' : 'held') : 'not tried';
  const seconds = `${(ms / 1000).toFixed(0)} s`.padStart(6);
  return `${id.padEnd(4)} ${what.padEnd(10)} ${seconds}  ${title}: ${finding.notTried ?? finding.facts}`;
}

/** What is not tried is never counted as held. */
export function verdict(findings: readonly Finding[]): { readonly text: string; readonly fell: number } {
  const tried = findings.filter(({ notTried }) => notTried === undefined);
  const held = tried.filter(({ problems }) => problems.length === 0);
  const left = findings.length - tried.length;
  const notTried = left > 0 ? ` (${left} not tried)` : '';
  return { text: `tried ${tried.length}, held ${held.length}${notTried}`, fell: tried.length - held.length };
}
