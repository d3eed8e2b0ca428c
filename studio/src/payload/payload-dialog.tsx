import { ActionIcon, Alert, Button, Loader, Modal, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronDown, IconChevronUp, IconDownload, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { linesWith } from './lines.ts';
import classes from './payload.module.css';

interface PayloadDialogProps {
  readonly title: string;
  /** Nothing while they are on their way. */
  readonly lines: readonly string[] | undefined;
  readonly error?: Error | null;
  readonly download: () => void;
  readonly close: () => void;
}

/** Content of any size to read, search and keep: only the lines in sight are drawn. */
export function PayloadDialog({ title, lines, error, download, close }: PayloadDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} size="min(1100px, 92vw)" title={title}>
      {error && (
        <Alert color="red" variant="light" title={t('payload.failed')} role="alert">
          {error.message}
        </Alert>
      )}
      {!lines && !error && <Loader size="sm" aria-label={t('payload.loading')} />}
      {lines && <Lines lines={lines} title={title} download={download} />}
    </Modal>
  );
}

const lineHeight = 20;
const typingPauseMs = 150;
/** Of a longer line only the beginning is drawn; it is searched and downloaded whole. */
const drawnCharacters = 2_000;

interface LinesProps extends Pick<PayloadDialogProps, 'title' | 'download'> {
  readonly lines: readonly string[];
}

function Lines({ lines, title, download }: LinesProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text, typingPauseMs);
  const found = useMemo(() => linesWith(lines, settled), [lines, settled]);
  const [at, setAt] = useState(0);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 30,
  });
  const go = (to: number) => {
    if (found.length === 0) return;
    const place = (to + found.length) % found.length;
    setAt(place);
    virtual.scrollToIndex(found[place] ?? 0, { align: 'center' });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(event.shiftKey ? at - 1 : at + 1);
  };
  const current = settled.trim() === '' ? undefined : found[at];
  return (
    <>
      <div className={classes.tools}>
        <TextInput
          type="search"
          className={classes.search}
          aria-label={t('payload.search')}
          placeholder={t('payload.search')}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={pressed}
          data-autofocus
        />
        <span className={`numbers ${classes.count}`} role="status">
          {settled.trim() === ''
            ? t('payload.lines', { count: lines.length })
            : found.length === 0
              ? t('payload.none')
              : t('payload.found', { at: at + 1, count: found.length })}
        </span>
        <ActionIcon aria-label={t('payload.previous')} onClick={() => go(at - 1)} disabled={found.length === 0}>
          <IconChevronUp size={16} />
        </ActionIcon>
        <ActionIcon aria-label={t('payload.next')} onClick={() => go(at + 1)} disabled={found.length === 0}>
          <IconChevronDown size={16} />
        </ActionIcon>
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={download}>
          {t('payload.download')}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a set of fields would be a form */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={scroller} className={classes.lines} role="group" aria-label={title} tabIndex={0}>
        <div style={{ height: virtual.getTotalSize() }} className={classes.whole}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div
              key={index}
              className={classes.line}
              data-current={index === current}
              style={{ transform: `translateY(${start}px)` }}
            >
              <span className={classes.number}>{index + 1}</span>
              <Marked text={(lines[index] ?? '').slice(0, drawnCharacters)} wanted={settled.trim()} />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

/** A line with what was looked for marked in it. */
function Marked({ text, wanted }: { readonly text: string; readonly wanted: string }) {
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  if (at < 0) return <span>{text}</span>;
  const end = at + wanted.length;
  return (
    <span>
      {text.slice(0, at)}
      <mark className={classes.mark}>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </span>
  );
}
