import { PasswordInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** As the server asks for it. */
const fewestCharacters = 12;

interface NewPasswordProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly error?: string | undefined;
}

/** A password that somebody makes up now. */
export function NewPassword({ label, value, change, error }: NewPasswordProps) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      label={label}
      description={t('signIn.passwordHint', { count: fewestCharacters })}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      error={error}
      autoComplete="new-password"
      minLength={fewestCharacters}
      maxLength={128}
      required
      withAsterisk={false}
      size="sm"
    />
  );
}
