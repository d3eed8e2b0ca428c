import { IconClockExclamation } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { titleOf } from '../canvas/drawing.ts';
import type { Stale } from '../editor/trial.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import classes from './node-view.module.css';

/** Says why the shown data is not what it would be now. */
export function StaleNotice({ stale }: { readonly stale: Stale }) {
  const { t } = useTranslation();
  const { catalog } = useEditing();
  const { flow } = useBundle();
  const reason =
    stale.kind === 'before'
      ? t('nodeView.stale.before', { title: titleOf(stale.node, flow, catalog) })
      : t(`nodeView.stale.${stale.kind}`);
  return (
    <p className={classes.stale}>
      <IconClockExclamation size={15} aria-hidden /> {reason}
    </p>
  );
}
