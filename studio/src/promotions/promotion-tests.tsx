import { Button } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';
import { notifyRefused } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import classes from './promotions.module.css';
import { type Promotion, promotionQuery } from './queries.ts';

type FlowTests = Promotion['tests'][number];

/** How the tests went of each flow that changes. */
export function PromotionTests({ promotion: { id, tests } }: { readonly promotion: Promotion }) {
  const { t } = useTranslation();
  if (tests.length === 0) return <p className={classes.same}>{t('promotion.noTests')}</p>;
  return tests.map((one) => <TestsOf key={one.flow} promotion={id} tests={one} />);
}

function TestsOf({ promotion, tests }: { readonly promotion: string; readonly tests: FlowTests }) {
  const { t } = useTranslation();
  const may = useMay();
  const { flow, report, unexercised } = tests;
  const running = useMutation({
    // What serves in the sandbox is what is moved: its version, with the tenant's own lines over its mappings.
    mutationFn: () => call('post /flows/{id}/tests', { params: { id: flow }, body: { version: 'sandbox' } }),
    onError: (error) => notifyRefused(t('tests.runFailed'), error),
    onSettled: () => queryClient.invalidateQueries({ queryKey: promotionQuery(promotion).queryKey }),
  });
  return (
    <article className={classes.part} aria-label={`${t('promotion.tests')} ${flow}`}>
      <h3 className={classes.partTitle}>
        {flow}
        <span className={classes.push} />
        <Link to="/flows/$flowId/tests" params={{ flowId: flow }} className={classes.more}>
          {t('promotion.openTests')}
        </Link>
        {may('flows.test') && (
          <Button variant="default" onClick={() => running.mutate()} loading={running.isPending}>
            {t('promotion.runTests')}
          </Button>
        )}
      </h3>
      {report === null && <p className={classes.same}>{t('promotion.notRun')}</p>}
      {report && (
        <p className={classes.counts}>
          {report.passed > 0 && (
            <span className={classes.count} data-passed>
              <IconCheck size={15} aria-hidden /> {t('promotion.passed', { count: report.passed })}
            </span>
          )}
          {report.failed > 0 && (
            <span className={classes.count} data-failed>
              <IconX size={15} aria-hidden /> {t('promotion.failed', { count: report.failed })}
            </span>
          )}
        </p>
      )}
      {report && unexercised.length > 0 && (
        <p className={classes.same}>{t('promotion.unexercised', { nodes: unexercised.join(', ') })}</p>
      )}
    </article>
  );
}
