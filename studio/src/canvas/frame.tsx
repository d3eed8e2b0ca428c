import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BodyFrame } from './drawing.ts';
import classes from './frame.module.css';

/** The body of a loop on the canvas: its nodes stand in it. */
export const FrameView = memo(function FrameView({ data }: NodeProps<BodyFrame>) {
  const { t } = useTranslation();
  return (
    <div className={classes.frame} data-over={data.over}>
      <span className={classes.title}>{t('flow.body', { title: data.title })}</span>
      {data.empty && <span className={classes.empty}>{t('flow.emptyBody')}</span>}
    </div>
  );
});
