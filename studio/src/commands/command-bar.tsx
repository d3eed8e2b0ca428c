import '@mantine/spotlight/styles.css';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './command-bar.module.css';
import { useOffered } from './registry.ts';

/** As many as can be looked over; typing finds the others. */
const mostShown = 40;

/** Everything that can be reached or done from here, found by typing. @param close called when it has closed */
export function CommandBar({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  const offered = useOffered();
  useEffect(() => spotlight.open(), []);
  return (
    <Spotlight
      actions={offered.map(({ title, commands }) => ({
        group: title,
        actions: commands.map(({ id, label, hint, keys, icon: Icon, run }) => ({
          id,
          label,
          ...(hint !== undefined && { description: hint }),
          leftSection: Icon ? <Icon size={18} stroke={1.7} aria-hidden /> : undefined,
          rightSection: keys === undefined ? undefined : <kbd className={classes.keys}>{keys}</kbd>,
          onClick: run,
        })),
      }))}
      shortcut={null}
      limit={mostShown}
      scrollable
      maxHeight={440}
      nothingFound={t('commands.nothing')}
      onSpotlightClose={close}
      lockScroll={false}
      attributes={{ content: { 'aria-label': t('commands.title') } }}
      searchProps={{
        'aria-label': t('commands.search'),
        placeholder: t('commands.search'),
        leftSection: <IconSearch size={18} aria-hidden />,
      }}
    />
  );
}
