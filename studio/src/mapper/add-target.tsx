import { ActionIcon, Button, Popover, TextInput, Tooltip } from '@mantine/core';
import { namesOf } from '@millrace/mapping';
import { IconBraces, IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { item } from './field-tree.ts';
import type { Board } from './use-board.ts';

interface AddTargetProps {
  readonly board: Board;
  /** Asks what all of the target looks like. */
  readonly describe: () => void;
}

/** Adds a field to the target by its name, or says by schema or example what all of it looks like. */
export function AddTarget({ board, describe }: AddTargetProps) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [name, setName] = useState('');
  const names = wayOf(name);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!names) return;
    board.addTarget(names);
    setName('');
    setAdding(false);
  };
  return (
    <>
      <Popover opened={adding} onChange={setAdding} position="bottom-end" trapFocus returnFocus withinPortal={false}>
        <Popover.Target>
          <Tooltip label={t('mapper.addField')}>
            <ActionIcon size={28} aria-label={t('mapper.addField')} onClick={() => setAdding(!adding)}>
              <IconPlus size={15} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown>
          <form onSubmit={add} className={classes.addForm}>
            <TextInput
              data-autofocus
              label={t('mapper.fieldName')}
              description={t('mapper.fieldNameHint')}
              placeholder="lines[].sku"
              value={name}
              error={name !== '' && !names ? t('mapper.fieldNameWrong') : undefined}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" disabled={!names}>
              {t('common.add')}
            </Button>
          </form>
        </Popover.Dropdown>
      </Popover>
      <Tooltip label={t('mapper.describeTarget')}>
        <ActionIcon size={28} aria-label={t('mapper.describeTarget')} onClick={describe}>
          <IconBraces size={15} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

/** `lines[].sku` as names; nothing where it is no such way. */
function wayOf(text: string): string[] | undefined {
  const names = text.trim() === '' ? undefined : namesOf(text.trim());
  if (names?.some((name) => /^(?:\[\])+$/.test(name))) return undefined;
  return names?.flatMap((name) => {
    const lists = /(?:\[\])+$/.exec(name)?.[0].length ?? 0;
    const plain = lists === 0 ? name : name.slice(0, -lists);
    return [plain, ...Array.from({ length: lists / 2 }, () => item)];
  });
}
