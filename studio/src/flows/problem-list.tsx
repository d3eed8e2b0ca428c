import { UnstyledButton } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconAlertCircle, IconChevronDown, IconCircleCheck, IconLoader2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FlowDocument, Problem } from '../api/types.ts';
import { placeOf } from '../editor/problems.ts';
import { useEditing } from './editing.ts';
import classes from './flow-page.module.css';
import { placeInWords } from './place-in-words.ts';
import type { Validation } from './use-validation.ts';

interface ProblemListProps {
  readonly validation: Validation;
  readonly flow: FlowDocument;
  readonly jump: (problem: Problem) => void;
}

/** All problems of the flow, each a way to its place. */
export function ProblemList({ validation, flow, jump }: ProblemListProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { problems, checking, failure } = validation;
  const count = problems.length;
  const text = failure
    ? t('problems.checkFailed', { message: failure.message })
    : count > 0
      ? t('problems.title', { count })
      : t('problems.none');
  return (
    <div
      className={classes.problems}
      data-wrong={problems.some(isError)}
      data-harmless={count > 0 && !problems.some(isError)}
    >
      {open && count > 0 && (
        <ul className={classes.problemRows} id="problems">
          {problems.map((problem) => (
            <ProblemRow
              key={problem.pointer + problem.code + problem.message}
              problem={problem}
              flow={flow}
              jump={jump}
            />
          ))}
        </ul>
      )}
      <UnstyledButton
        className={classes.problemsHead}
        onClick={() => setOpen(!open)}
        disabled={count === 0}
        aria-expanded={open && count > 0}
        aria-controls="problems"
      >
        {checking ? (
          <IconLoader2 size={16} className={classes.turning} aria-hidden />
        ) : count > 0 ? (
          <IconAlertCircle size={16} aria-hidden />
        ) : (
          <IconCircleCheck size={16} aria-hidden />
        )}
        <span>{text}</span>
        {count > 0 && <IconChevronDown size={15} className={classes.chevron} data-open={open} aria-hidden />}
      </UnstyledButton>
      <span role="status" className="visually-hidden">
        {text}
      </span>
    </div>
  );
}

function ProblemRow({ problem, flow, jump }: Pick<ProblemListProps, 'flow' | 'jump'> & { readonly problem: Problem }) {
  const { t } = useTranslation();
  const { catalog } = useEditing();
  const { node } = placeOf(problem, flow);
  return (
    <li>
      <UnstyledButton className={classes.problem} onClick={() => jump(problem)} disabled={node === undefined}>
        <span className={classes.problemPlace}>{placeInWords(problem, flow, catalog) || t('problems.onFlow')}</span>
        <span>
          {!isError(problem) && `${t('problems.warning')} `}
          {problem.message}
        </span>
        {problem.hint !== undefined && <span className={classes.problemHint}>{problem.hint}</span>}
      </UnstyledButton>
    </li>
  );
}
