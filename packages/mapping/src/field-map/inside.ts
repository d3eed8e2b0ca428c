import { analyse, type Environment, itemOf } from '@millrace/jsonata/language';
import { perItem } from '../check/lines.ts';
import { pathToText, type SourcePath } from '../source-path/source-path.ts';

/**
 * What the lines of a list see that lies in lists.
 * @param lists their `each`, the outermost first; of what an incomplete one gives nothing is known
 */
export function environmentInside(lists: readonly (string | SourcePath)[], environment: Environment): Environment {
  return lists.reduce<Environment>(
    (around, each) => perItem(around, itemOf(analyse(textOf(each), around).shape)),
    environment,
  );
}

function textOf(each: string | SourcePath): string {
  try {
    return typeof each === 'string' ? each : pathToText(each);
  } catch {
    return '';
  }
}
