import type { Problem } from '../api/types.ts';
import classes from './inspector.module.css';

/** What is wrong with a node beside its fields. */
export function ProblemMessages({ problems }: { readonly problems: readonly Problem[] }) {
  return (
    <ul className={classes.problems}>
      {problems.map((problem) => (
        <li key={problem.pointer + problem.message}>
          {problem.message} {problem.hint}
        </li>
      ))}
    </ul>
  );
}
