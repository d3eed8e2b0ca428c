import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './flow-page.module.css';
import { shortcutKeys } from './shortcuts.ts';

/** The keys of the flow page. */
export function KeysDialog({ close }: { readonly close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} size={680} title={t('shortcuts.title')}>
      <dl className={classes.keys}>
        {shortcutKeys.map(([name, keys]) => (
          <div key={name}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd>
              {keys.split(', ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
