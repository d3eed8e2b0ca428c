import { Tooltip } from '@mantine/core';
import { isError } from '@millrace/contract';
import { IconClockExclamation } from '@tabler/icons-react';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Status, StatusIcon } from '../app/status.tsx';
import classes from './box.module.css';
import type { Box, Emphasis, Mark } from './drawing.ts';
import { NodeIcon } from './node-icon.tsx';

/** A node on the canvas. */
export const BoxView = memo(function BoxView({ data, selected, isConnectable }: NodeProps<Box>) {
  const { title, subtitle, icon, tone, mark, problems, orientation, emphasis, remark } = data;
  return (
    <div
      className={classes.box}
      data-selected={selected}
      data-status={mark?.status}
      data-wrong={problems.some(isError)}
      data-emphasis={emphasis}
    >
      {tone !== 'trigger' && (
        <Handle
          type="target"
          position={orientation === 'down' ? Position.Top : Position.Left}
          className={classes.target ?? ''}
          isConnectable={isConnectable}
        />
      )}
      <span className={classes.icon} data-tone={tone}>
        <NodeIcon name={icon} />
      </span>
      <div className={classes.text}>
        <div className={classes.title}>{title}</div>
        <div className={classes.subtitle}>{mark?.note || subtitle}</div>
      </div>
      {mark && mark.status !== 'unreached' && <MarkSign status={mark.status} />}
      {emphasis && <EmphasisSign emphasis={emphasis} />}
      {remark !== undefined && (
        <Tooltip label={remark} openDelay={100}>
          <span className={classes.remark}>
            <IconClockExclamation size={14} aria-hidden />
          </span>
        </Tooltip>
      )}
      {problems.length > 0 && <ProblemSign problems={problems} />}
      <Ports data={data} isConnectable={isConnectable} />
    </div>
  );
});

function MarkSign({ status }: { readonly status: Exclude<Mark['status'], 'unreached'> & Status }) {
  const { t } = useTranslation();
  return (
    <span className={classes.mark} data-status={status}>
      <StatusIcon status={status} size={13} />
      <span className="visually-hidden">{t(`status.${status}`)}</span>
    </span>
  );
}

function EmphasisSign({ emphasis }: { readonly emphasis: Emphasis }) {
  const { t } = useTranslation();
  return (
    <span className={classes.emphasis} data-emphasis={emphasis}>
      {t(`node.emphasis.${emphasis}`)}
    </span>
  );
}

function ProblemSign({ problems }: Pick<Box['data'], 'problems'>) {
  const { t } = useTranslation();
  const list = (
    <ul className={classes.problemList}>
      {problems.map((problem) => (
        <li key={problem.pointer + problem.message}>{problem.message}</li>
      ))}
    </ul>
  );
  return (
    <Tooltip label={list} multiline maw={320} openDelay={100}>
      <span className={classes.problems} data-harmless={!problems.some(isError)}>
        <span aria-hidden>{problems.length}</span>
        <span className="visually-hidden">{t('node.problems', { count: problems.length })}</span>
      </span>
    </Tooltip>
  );
}

/**
 * The ordinary port lies in the direction of the drawing, all others on the side, so that the main way runs straight
 * and what branches off leaves sideways.
 */
function Ports({ data, isConnectable }: { readonly data: Box['data']; readonly isConnectable: boolean }) {
  const down = data.orientation === 'down';
  const [ordinary, ...others] = data.ports;
  const share = (index: number) => `${((index + 1) / (others.length + 1)) * 100}%`;
  return (
    <>
      {ordinary && data.tone !== 'fail' && (
        <Handle
          id={ordinary.id}
          type="source"
          position={down ? Position.Bottom : Position.Right}
          className={classes.source ?? ''}
          isConnectable={isConnectable}
        />
      )}
      {others.map((port, index) => (
        <Handle
          key={port.id}
          id={port.id}
          type="source"
          position={down ? Position.Right : Position.Bottom}
          className={classes.source ?? ''}
          data-kind={port.kind}
          data-connected={port.connected}
          isConnectable={isConnectable}
          style={down ? { top: share(index) } : { left: share(index) }}
        >
          {!port.connected && (
            <span className={classes.portName} data-side={down ? 'right' : 'below'}>
              {port.id}
            </span>
          )}
        </Handle>
      ))}
    </>
  );
}
