import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSelector,
  IconSun,
  IconUser,
  IconUserCog,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { apiKey, call } from '../api/client.ts';
import type { Session } from '../api/types.ts';
import classes from './shell.module.css';

const schemes = [
  { value: 'light', icon: IconSun, label: 'nav.lightTheme' },
  { value: 'dark', icon: IconMoon, label: 'nav.darkTheme' },
  { value: 'auto', icon: IconDeviceDesktop, label: 'nav.systemTheme' },
] as const;

/** Who is at work, the appearance, and the way out. */
export function AccountMenu({ session }: { readonly session: Session }) {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = session.user?.name ?? t(session.demo ? 'nav.demo' : 'signIn.key');
  const hasKey = apiKey.get() !== null;
  const signOut = async () => {
    if (hasKey) apiKey.clear();
    else await call('post /session/end');
    location.assign('/');
  };
  return (
    <Menu position="top-start" width={200} offset={6}>
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={name}>
          <IconUser size={18} stroke={1.8} aria-hidden />
          <span className={classes.itemLabel}>{name}</span>
          <IconSelector size={14} aria-hidden className={classes.accountMore} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('nav.theme')}</Menu.Label>
        {schemes.map(({ value, icon: Icon, label }) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} stroke={1.8} />}
            rightSection={colorScheme === value && <IconCheck size={15} />}
            onClick={() => setColorScheme(value)}
          >
            {t(label)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {session.user !== null && (
          <Menu.Item component={Link} to="/account" leftSection={<IconUserCog size={16} stroke={1.8} />}>
            {t('account.open')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.8} />} onClick={() => void signOut()}>
          {t(hasKey ? 'nav.forgetKey' : 'nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
