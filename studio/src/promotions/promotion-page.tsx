import { Alert, Skeleton } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../api/types.ts';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { When } from '../app/when.tsx';
import { useFlowNames } from '../flows/use-flow-names.ts';
import { ChangeList } from '../versions/change-list.tsx';
import { PromotionActions } from './promotion-actions.tsx';
import { PromotionTests } from './promotion-tests.tsx';
import classes from './promotions.module.css';
import { type Promotion, promotionQuery } from './queries.ts';
import { StateChip } from './state-chip.tsx';

export function PromotionPage() {
  const { t } = useTranslation();
  const { promotionId } = useParams({ from: '/promotions/$promotionId' });
  const promotion = useQuery(promotionQuery(promotionId));
  const nameOf = useFlowNames();
  if (promotion.error && !promotion.data)
    return <ErrorState error={promotion.error} retry={() => void promotion.refetch()} wholePage />;
  if (!promotion.data)
    return (
      <Page title={t('promotions.title')}>
        <Skeleton height={240} radius={14} />
      </Page>
    );
  return (
    <Page
      crumbs={<Link to="/promotions">{t('promotions.title')}</Link>}
      title={nameOf(promotion.data.flow)}
      lead={t('promotion.lead')}
      actions={<PromotionActions promotion={promotion.data} />}
    >
      <Course promotion={promotion.data} />
      <InTheWay promotion={promotion.data} />
      <Parts promotion={promotion.data} />
      <section className={classes.section} aria-labelledby="tests">
        <h2 id="tests" className={classes.sectionTitle}>
          {t('promotion.tests')}
        </h2>
        <PromotionTests promotion={promotion.data} />
      </section>
    </Page>
  );
}

interface Moment {
  readonly what: 'planned' | 'approved' | 'rejected' | 'applied' | 'rolledBack';
  readonly at: string | null;
  readonly by: string | null;
  readonly note: string | null;
}

/** Who has done what of it, and when. */
function Course({ promotion }: { readonly promotion: Promotion }) {
  const { t } = useTranslation();
  const { note, plannedAt, plannedBy, decidedAt, decidedBy, decisionNote, state } = promotion;
  const moments: readonly Moment[] = [
    { what: 'planned', at: plannedAt, by: plannedBy, note },
    { what: state === 'rejected' ? 'rejected' : 'approved', at: decidedAt, by: decidedBy, note: decisionNote },
    { what: 'applied', at: promotion.appliedAt, by: promotion.appliedBy, note: null },
    { what: 'rolledBack', at: promotion.rolledBackAt, by: promotion.rolledBackBy, note: null },
  ];
  return (
    <div className={classes.course}>
      <StateChip state={state} />
      <ol className={classes.moments}>
        {moments.flatMap(({ what, at, by, note }) =>
          at === null
            ? []
            : [
                <li key={what}>
                  <strong>{t(`promotion.step.${what}`)}</strong>
                  <span>
                    {by} · <When at={at} />
                  </span>
                  {note !== null && <span className={classes.note}>{note}</span>}
                </li>,
              ],
        )}
      </ol>
    </div>
  );
}

function InTheWay({ promotion: { problems, stale, state } }: { readonly promotion: Promotion }) {
  const { t } = useTranslation();
  const isOpen = state === 'planned' || state === 'approved';
  if (!isOpen) return null;
  const errors = problems.filter(isError);
  const warnings = problems.filter((problem) => !isError(problem));
  return (
    <>
      {stale.length > 0 && (
        <Notice color="red" title={t('promotion.staleTitle')} lead={t('promotion.stale')} problems={stale} />
      )}
      {errors.length > 0 && <Notice color="red" title={t('promotion.problemsTitle')} problems={errors} />}
      {warnings.length > 0 && <Notice color="yellow" title={t('promotion.warningsTitle')} problems={warnings} />}
      {errors.length + stale.length === 0 && (
        <p className={classes.ready} role="status">
          <IconCircleCheck size={16} aria-hidden /> {t('promotion.ready')}
        </p>
      )}
    </>
  );
}

interface NoticeProps {
  readonly color: 'red' | 'yellow';
  readonly title: string;
  readonly lead?: string;
  readonly problems: readonly Problem[];
}

function Notice({ color, title, lead, problems }: NoticeProps) {
  return (
    <Alert color={color} variant="light" mt={16} title={title} icon={<IconAlertTriangle size={18} />}>
      {lead}
      <ul className={classes.problems}>
        {problems.map(({ pointer, message, hint }) => (
          <li key={pointer + message}>
            {message} {hint}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** Every difference, by what is moved. */
function Parts({ promotion: { parts } }: { readonly promotion: Promotion }) {
  const { t } = useTranslation();
  const moved = parts.filter(({ changes, isNew }) => isNew || changes.length > 0);
  const same = parts.filter((part) => !moved.includes(part));
  return (
    <section className={classes.section} aria-labelledby="differences">
      <h2 id="differences" className={classes.sectionTitle}>
        {t('promotion.differences')}
      </h2>
      {moved.map(({ kind, name, isNew, changes }) => (
        <article key={kind + name} className={classes.part} aria-label={`${t(`promotion.kinds.${kind}`)} ${name}`}>
          <h3 className={classes.partTitle}>
            <span className={classes.kind}>{t(`promotion.kinds.${kind}`)}</span>
            {name}
            {isNew && <span className={classes.isNew}>{t('promotion.isNew')}</span>}
          </h3>
          <ChangeList changes={changes} />
        </article>
      ))}
      {same.length > 0 && (
        <p className={classes.same}>
          {t('promotion.same')}: {same.map(({ kind, name }) => `${t(`promotion.kinds.${kind}`)} ${name}`).join(', ')}
        </p>
      )}
    </section>
  );
}
