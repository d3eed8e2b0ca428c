import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { type Json, writeJson } from '@millrace/contract';
import { IconArrowsMaximize, IconDownload, IconFile } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { open } from '../api/client.ts';
import { notifyRefused } from '../app/notify.ts';
import { JsonView } from '../code/json-view.tsx';
import { saveFile } from '../parts/save-file.ts';
import { type Apart, apartOf, isText, linesOf, linesOfContent, sizeOf } from './lines.ts';
import classes from './payload.module.css';
import { PayloadDialog } from './payload-dialog.tsx';

interface PayloadViewProps {
  readonly title: string;
  readonly value: Json;
  /** The run whose data it is. */
  readonly run: string;
}

/** Data of a run under its name: as a tree, and at any size in a dialog of its own. */
export function PayloadView({ title, value, run }: PayloadViewProps) {
  const { t } = useTranslation();
  const id = useId();
  const apart = apartOf(value);
  const [isOpen, setOpen] = useState(false);
  return (
    <section className={classes.section} aria-labelledby={id}>
      <header className={classes.head}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {!apart && (
          <Tooltip label={t('payload.open')}>
            <ActionIcon size={26} aria-label={`${t('payload.open')}: ${title}`} onClick={() => setOpen(true)}>
              <IconArrowsMaximize size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </header>
      {apart ? <ApartCard apart={apart} run={run} title={title} /> : <JsonView value={value} label={title} />}
      {isOpen && <ValueDialog title={title} value={value} close={() => setOpen(false)} />}
    </section>
  );
}

function ValueDialog({ title, value, close }: Omit<PayloadViewProps, 'run'> & { readonly close: () => void }) {
  const lines = useMemo(() => linesOf(value), [value]);
  const download = () =>
    saveFile(`${title.toLowerCase()}.json`, new Blob([`${writeJson(value, 2)}\n`], { type: 'application/json' }));
  return <PayloadDialog title={title} lines={lines} download={download} close={close} />;
}

interface ApartProps {
  readonly apart: Apart;
  readonly run: string;
  readonly title: string;
}

/** What is kept apart from the run's data, and is read when somebody wants to see it. */
function ApartCard({ apart, run, title }: ApartProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const download = () =>
    void contentOf(apart, run)
      .then((content) => saveFile(apart.name, content))
      .catch((error: unknown) => notifyRefused(t('payload.failed'), error));
  return (
    <div className={classes.apart}>
      <IconFile size={18} stroke={1.7} aria-hidden />
      <div className={classes.apartText}>
        <div className={classes.apartName}>{apart.name}</div>
        <div className="numbers">{t('payload.apart', { size: sizeOf(apart.bytes) })}</div>
      </div>
      {isText(apart.mediaType) && (
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('payload.show')}
        </Button>
      )}
      <ActionIcon aria-label={`${t('payload.download')}: ${apart.name}`} onClick={download}>
        <IconDownload size={16} />
      </ActionIcon>
      {isOpen && <ApartDialog apart={apart} run={run} title={title} download={download} close={() => setOpen(false)} />}
    </div>
  );
}

interface ApartDialogProps extends ApartProps {
  readonly download: () => void;
  readonly close: () => void;
}

function ApartDialog({ apart, run, title, download, close }: ApartDialogProps) {
  const content = useQuery({
    queryKey: ['payload', run, apart.blob],
    queryFn: async () => linesOfContent(await (await contentOf(apart, run)).text(), apart.mediaType),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return <PayloadDialog title={title} lines={content.data} error={content.error} download={download} close={close} />;
}

async function contentOf({ blob }: Apart, run: string): Promise<Blob> {
  const response = await open('get /runs/{run}/payloads/{payload}', undefined, { params: { run, payload: blob } });
  return response.blob();
}
