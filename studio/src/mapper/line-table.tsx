import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { type Json, writeJson } from '@millrace/contract';
import { IconArrowsRightLeft, IconPlus, IconRepeat, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../app/empty-state.tsx';
import { literalOf, literalText } from './literal.ts';
import { useResult } from './live-result.tsx';
import classes from './mapper.module.css';
import { addLine, changeLine, type Line, linesOf, type PlacedLine, sourceOf, sourceText, valueAt } from './mapping.ts';

interface LineTableProps {
  readonly fields: readonly Line[];
  /** What is wrong, by the place of the line. */
  readonly problems: ReadonlyMap<string, string>;
  readonly change: (fields: readonly Line[]) => void;
}

/** A field map as a table: one line for each field of the result, with the value that it has now. */
export function LineTable({ fields, problems, change }: LineTableProps) {
  const { t } = useTranslation();
  const result = useResult();
  const lines = linesOf(fields);
  const add = (place: readonly number[]) => change(addLine(fields, place));
  return (
    <div className={classes.lines}>
      {lines.length === 0 && (
        <EmptyState icon={IconArrowsRightLeft} title={t('mapper.emptyTitle')} text={t('mapper.empty')} />
      )}
      {lines.length > 0 && (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('mapper.to')}</th>
              <th scope="col">{t('mapper.from')}</th>
              <th scope="col">{t('mapper.default')}</th>
              <th scope="col">{t('mapper.required')}</th>
              <th scope="col">
                <span className="visually-hidden">{t('common.delete')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((placed, index) => (
              <LineRow
                key={placed.place.join('.')}
                index={index + 1}
                placed={placed}
                value={valueAt(result, placed.way)}
                wrong={problems.get(placed.place.join('.'))}
                change={(next) => change(changeLine(fields, placed.place, next))}
                add={() => add(placed.place)}
              />
            ))}
          </tbody>
        </table>
      )}
      <div className={classes.addLine}>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => add([])}>
          {t('mapper.addLine')}
        </Button>
      </div>
    </div>
  );
}

interface LineRowProps {
  readonly index: number;
  readonly placed: PlacedLine;
  readonly value: Json | undefined;
  readonly wrong: string | undefined;
  readonly change: (next: (line: Line) => Line | undefined) => void;
  readonly add: () => void;
}

function LineRow({ index, placed: { line, place }, value, wrong, change, add }: LineRowProps) {
  const { t } = useTranslation();
  const set = (part: Partial<Record<keyof Line, unknown>>) => change((current) => withoutGaps({ ...current, ...part }));
  const name = (column: string) => t('mapper.lineOf', { index, column });
  const source = line.each === undefined ? 'from' : 'each';
  return (
    <tr data-depth={place.length}>
      <td style={{ paddingLeft: 12 + (place.length - 1) * 22 }}>
        <TextInput
          size="xs"
          className={classes.cell ?? ''}
          aria-label={name(t('mapper.to'))}
          value={line.to}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
      </td>
      <td>
        <TextInput
          size="xs"
          className={classes.cell ?? ''}
          aria-label={name(t(source === 'each' ? 'mapper.each' : 'mapper.from'))}
          leftSection={source === 'each' ? <IconRepeat size={13} /> : undefined}
          value={sourceText(line[source])}
          error={wrong}
          onChange={(event) => set({ [source]: sourceOf(event.currentTarget.value) })}
        />
        <Preview value={value} hidden={source === 'each'} />
      </td>
      <td>
        {source === 'from' && (
          <TextInput
            size="xs"
            className={classes.cell ?? ''}
            aria-label={name(t('mapper.default'))}
            value={literalText(line.default)}
            onChange={(event) => set({ default: literalOf(event.currentTarget.value) })}
          />
        )}
      </td>
      <td className={classes.check}>
        <Checkbox
          size="xs"
          aria-label={name(t('mapper.required'))}
          checked={line.required ?? false}
          onChange={(event) => set({ required: event.currentTarget.checked || undefined })}
        />
      </td>
      <td className={classes.tools}>
        {source === 'each' && (
          <ActionIcon size={26} aria-label={t('mapper.addLine')} onClick={add}>
            <IconPlus size={15} />
          </ActionIcon>
        )}
        <ActionIcon
          size={26}
          aria-label={t('mapper.removeLine', { to: line.to })}
          onClick={() => change(() => undefined)}
        >
          <IconTrash size={15} />
        </ActionIcon>
      </td>
    </tr>
  );
}

const longestPreview = 60;

function Preview({ value, hidden }: { readonly value: Json | undefined; readonly hidden: boolean }) {
  if (hidden || value === undefined) return null;
  const text = writeJson(value);
  return (
    <div className={classes.preview}>{text.length > longestPreview ? `${text.slice(0, longestPreview)}…` : text}</div>
  );
}

function withoutGaps(line: object): Line {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)) as unknown as Line;
}
