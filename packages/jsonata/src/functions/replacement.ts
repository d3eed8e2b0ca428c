import type { Match } from '../regex/matcher.ts';

/**
 * Fills in `$0` (the match), `$1` … (groups) and `$$` (a dollar sign). A number takes as many digits as there are
 * groups to name; any other `$` stands for itself.
 */
export function filledTemplate(template: string, { match, groups }: Match): string {
  if (!template.includes('$')) return template;
  const digits = String(groups.length).length;
  const reference = new RegExp(`\\$(?:(\\$)|(0)|(\\d{1,${digits}}))`, 'g');
  return template.replace(reference, (whole, dollar?: string, zero?: string, number?: string) => {
    if (dollar) return '$';
    if (zero) return match;
    return number ? group(groups, number) : whole;
  });
}

/** Length that the filled template cannot surpass. */
export function largestFilling(template: string, { match }: Match): number {
  let references = 0;
  for (let at = template.indexOf('$'); at >= 0; at = template.indexOf('$', at + 1)) references++;
  return template.length + references * match.length;
}

/** Where so high a group does not exist, the last digit belongs to the text. */
function group(groups: Match['groups'], number: string): string {
  if (number.length > 1 && Number(number) > groups.length) return group(groups, number.slice(0, -1)) + number.slice(-1);
  const matched = groups[Number(number) - 1];
  return typeof matched === 'string' ? matched : '';
}
