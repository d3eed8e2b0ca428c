import { IconArrowBackUp, IconCheck, IconClock, IconRocket, IconX, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './promotions.module.css';
import type { PromotionSummary } from './queries.ts';

type State = PromotionSummary['state'];

const icons: Record<State, TablerIcon> = {
  planned: IconClock,
  approved: IconCheck,
  rejected: IconX,
  applied: IconRocket,
  'rolled-back': IconArrowBackUp,
};

/** How far a promotion has come, as a word with its icon. */
export function StateChip({ state }: { readonly state: State }) {
  const { t } = useTranslation();
  const Icon = icons[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={13} stroke={2.2} aria-hidden />
      {t(`promotions.states.${state}`)}
    </span>
  );
}
