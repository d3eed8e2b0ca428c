import { Select, type SelectProps } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './board.module.css';
import { everyField, type TreeField, wayInWords } from './field-tree.ts';

/** Options that are shown at once; typing finds the others. */
const shownOptions = 60;

interface FieldPickerProps extends Pick<SelectProps, 'autoFocus' | 'onKeyDown'> {
  readonly label: string;
  readonly trees: readonly TreeField[];
  readonly pick: (field: TreeField) => void;
}

/** Finds a field of trees by typing; the way to map without a mouse. */
export function FieldPicker({ label, trees, pick, ...rest }: FieldPickerProps) {
  const { t } = useTranslation();
  const fields = useMemo(() => trees.flatMap(everyField).filter(({ names }) => names.length > 0), [trees]);
  const options = useMemo(() => fields.map((each) => ({ value: each.key, label: wayInWords(each) })), [fields]);
  return (
    <Select
      className={classes.picker ?? ''}
      aria-label={label}
      placeholder={label}
      searchable
      limit={shownOptions}
      data={options}
      value={null}
      nothingFoundMessage={t('mapper.nothingFound')}
      onChange={(key) => {
        const field = fields.find((each) => each.key === key);
        if (field) pick(field);
      }}
      {...rest}
    />
  );
}
