import { useState } from 'react';
import { ForgotForm } from './forgot-form.tsx';
import { KeyForm } from './key-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { SingleSignOnForm } from './single-sign-on-form.tsx';

/** How somebody gets in. */
export type WayIn = 'password' | 'sso' | 'key' | 'forgot';

const forms = { password: PasswordForm, sso: SingleSignOnForm, key: KeyForm, forgot: ForgotForm };

/** Asks who somebody is, by one of several ways. */
export function SignInPage() {
  const [way, go] = useState<WayIn>('password');
  const Form = forms[way];
  return <Form go={go} />;
}

export interface WayProps {
  /** By another way instead. */
  readonly go: (way: WayIn) => void;
}
