import { Alert, Button } from '@mantine/core';
import type { Json } from '@millrace/contract';
import { IconArrowLeft, IconPin, IconPinnedOff, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { titleOf } from '../canvas/drawing.ts';
import { CodeEditor } from '../code/code-editor.tsx';
import { staleness } from '../editor/trial.ts';
import { useBundle, useEditing } from '../flows/editing.ts';
import { DataPane } from './data-pane.tsx';
import { Inspector } from './inspector.tsx';
import classes from './node-view.module.css';
import { pinText, readPin } from './read-pin.ts';
import { StaleNotice } from './stale-notice.tsx';

/** A node between what it got and what it gave. Takes the place of the canvas. */
export function NodeView({ node: id, close }: { readonly node: string; readonly close: () => void }) {
  const { t } = useTranslation();
  const { catalog, trials, frozen } = useEditing();
  const { flow } = useBundle();
  const { trial, pins, pin, runTo, runAlone, running, failure } = trials;
  const data = trial?.data.get(id);
  const stale = trial && staleness(id, trial, flow);
  const isTrigger = catalog.get(flow.nodes[id]?.type ?? '')?.kind === 'trigger';
  const pinned = pins[id];
  const [pinning, setPinning] = useState(false);
  const output = pinned ?? data?.output;
  return (
    <section className={classes.view} aria-label={t('nodeView.title')}>
      <header className={classes.header}>
        <Button variant="subtle" color="gray" leftSection={<IconArrowLeft size={16} />} onClick={close}>
          {t('mapper.close')}
        </Button>
        <h2 className={classes.title}>{titleOf(id, flow, catalog)}</h2>
        {!isTrigger && (
          <>
            <Button
              variant="default"
              leftSection={<IconPlayerPlay size={15} />}
              loading={running !== undefined}
              onClick={() => runAlone(id)}
            >
              {t('nodeView.runAlone')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconPlayerTrackNext size={15} />}
              loading={running !== undefined}
              onClick={() => runTo(id)}
            >
              {t('nodeView.runTo')}
            </Button>
          </>
        )}
      </header>
      {failure && (
        <Alert color="red" variant="light" role="alert" m={12} title={t('nodeView.failed')}>
          {failure.message}
          <ul className={classes.problems}>
            {(failure instanceof ApiError ? failure.problems : []).map(({ pointer, message }) => (
              <li key={pointer + message}>{message}</li>
            ))}
          </ul>
        </Alert>
      )}
      <div className={classes.columns}>
        <DataPane
          title={t('nodeView.input')}
          data={data?.input}
          nothing={t(isTrigger ? 'nodeView.noInputOfTrigger' : 'nodeView.noInput')}
          notice={stale && <StaleNotice stale={stale} />}
        />
        <Inspector node={id} />
        <DataPane
          title={t('nodeView.output')}
          data={output}
          nothing={t('nodeView.noOutput')}
          notice={
            <>
              {pinned === undefined && stale && <StaleNotice stale={stale} />}
              {pinned !== undefined && <p className={classes.pinned}>{t('nodeView.pinned')}</p>}
              {pinned === undefined && data?.error && (
                <p className={classes.wrong} role="alert">
                  {data.error.message}
                </p>
              )}
            </>
          }
          actions={
            !frozen && (
              <>
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={<IconPin size={14} />}
                  onClick={() => setPinning(!pinning)}
                  aria-expanded={pinning}
                >
                  {t('nodeView.pin')}
                </Button>
                {pinned !== undefined && (
                  <Button
                    variant="default"
                    size="compact-sm"
                    leftSection={<IconPinnedOff size={14} />}
                    onClick={() => pin(id, undefined)}
                  >
                    {t('nodeView.unpin')}
                  </Button>
                )}
              </>
            )
          }
        />
      </div>
      {pinning && (
        <PinForm
          start={output}
          done={(next) => {
            if (next !== undefined) pin(id, next);
            setPinning(false);
          }}
        />
      )}
    </section>
  );
}

interface PinFormProps {
  readonly start: Json | undefined;
  /** Called with the data, or with nothing where it is left as it was. */
  readonly done: (data: Json | undefined) => void;
}

/** The data that a node is to give in trials, as JSON. */
function PinForm({ start, done }: PinFormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => pinText(start));
  const read = readPin(text);
  return (
    <section className={classes.pinForm} aria-label={t('nodeView.pin')}>
      <p className={classes.hint}>{t('nodeView.pinHint')}</p>
      <CodeEditor
        language="json"
        lines
        label={t('nodeView.pinData')}
        value={text}
        onChange={setText}
        error={'wrong' in read ? { message: read.wrong } : undefined}
        minHeight={120}
      />
      {'wrong' in read && <p className={classes.wrong}>{read.wrong}</p>}
      <div className={classes.pinButtons}>
        <Button variant="default" onClick={() => done(undefined)}>
          {t('common.cancel')}
        </Button>
        <Button disabled={'wrong' in read} onClick={() => 'data' in read && done(read.data)}>
          {t('nodeView.pinThis')}
        </Button>
      </div>
    </section>
  );
}
