import { isError, type JsonObject, type Problem } from '@millrace/contract';
import { placeInFolder } from '../configuration/folder/files-of.ts';
import type { ToldPlan } from './configuration-source.ts';
import { printRow } from './print-row.ts';

/** What a push would do, in sentences; what is in its way, with files and pointers, goes to standard error. */
export function printPlan({ changes, missing, conflicts, problems }: ToldPlan, parts: JsonObject): void {
  for (const { part, action, sentences } of changes)
    if (action === 'changed') for (const sentence of sentences) printRow(part, sentence);
    else printRow(part, action === 'added' ? 'Is new.' : 'Is removed.');
  for (const part of missing) printRow(part, 'Is not in the folder, and stays.');
  if (changes.length === 0) console.log('No difference.');
  for (const { part, message } of conflicts) console.error(`${part}  CONFLICT: ${message}`);
  printProblems(problems, parts);
}

export function printProblems(problems: readonly Problem[], parts: JsonObject): void {
  for (const problem of problems) {
    const { code, message, severity } = problem;
    const weight = isError(problem) ? '' : `${severity} `;
    console.error(`${placeInFolder(problem.pointer, parts)}  ${weight}${code}: ${message}`);
  }
}
