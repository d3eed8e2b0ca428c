import { Button } from '@mantine/core';
import { isError } from '@millrace/contract';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { notifyDone } from '../app/notify.ts';
import { useMay } from '../app/use-may.ts';
import { useFlowNames } from '../flows/use-flow-names.ts';
import { NoteDialog } from '../versions/note-dialog.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { keepPromotion, type Promotion } from './queries.ts';

const steps = ['reject', 'approve', 'apply', 'rollback'] as const;
type Step = (typeof steps)[number];

const rights = {
  approve: 'promotions.approve',
  reject: 'promotions.approve',
  apply: 'promotions.apply',
  rollback: 'promotions.apply',
} as const;

/** What can be done with a promotion as it stands. */
function isOffered(step: Step, { state, stale, problems }: Promotion): boolean {
  const isSound = stale.length === 0 && !problems.some(isError);
  switch (step) {
    case 'reject':
      return state === 'planned';
    case 'approve':
      return state === 'planned' && isSound;
    case 'apply':
      return state === 'approved' && isSound;
    default:
      return state === 'applied';
  }
}

/** What whoever looks at a promotion may do with it now. */
export function PromotionActions({ promotion }: { readonly promotion: Promotion }) {
  const { t } = useTranslation();
  const may = useMay();
  const [asked, setAsked] = useState<Step | 'again'>();
  const close = () => setAsked(undefined);
  const offered = steps.filter((step) => may(rights[step]) && isOffered(step, promotion));
  const { flow, parts } = promotion;
  const named = (kind: string) => parts.filter((part) => part.kind === kind).map(({ name }) => name);
  return (
    <>
      {promotion.state !== 'applied' && may('promotions.plan') && (
        <Button variant="default" onClick={() => setAsked('again')}>
          {t('promotion.again')}
        </Button>
      )}
      {offered.map((step) => (
        <Button
          key={step}
          onClick={() => setAsked(step)}
          {...((step === 'reject' || step === 'rollback') && { variant: 'default' })}
        >
          {t(`promotion.${step}`)}
        </Button>
      ))}
      {asked === 'again' && (
        <PlanDialog flow={flow} others={named('flow')} tables={named('code-table')} close={close} />
      )}
      {asked !== undefined && asked !== 'again' && <StepDialog step={asked} promotion={promotion} close={close} />}
    </>
  );
}

interface StepDialogProps {
  readonly step: Step;
  readonly promotion: Promotion;
  readonly close: () => void;
}

function StepDialog({ step, promotion: { id, flow }, close }: StepDialogProps) {
  const { t } = useTranslation();
  const nameOf = useFlowNames();
  const taking = useMutation({
    mutationFn: (note: string | undefined) =>
      call(`post /promotions/{id}/${step}`, { params: { id }, body: note === undefined ? {} : { note } }),
    onSuccess: async (promotion) => {
      notifyDone(t(`promotion.done.${step}`));
      close();
      await keepPromotion(promotion);
    },
  });
  return (
    <NoteDialog
      title={t(`promotion.${step}Title`, { flow: nameOf(flow) })}
      lead={t(`promotion.${step}Lead`)}
      confirm={t(`promotion.${step}`)}
      isDestructive={step === 'reject' || step === 'rollback'}
      busy={taking.isPending}
      error={taking.error}
      act={taking.mutate}
      close={close}
    />
  );
}
