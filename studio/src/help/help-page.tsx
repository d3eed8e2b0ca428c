import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { PropsWithChildren } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../parts/loaded.tsx';
import { Prose } from '../parts/prose.tsx';
import { helpAddress } from './help-address.ts';
import classes from './help-page.module.css';
import { helpQuery } from './queries.ts';

/** A page of the documentation. */
export function HelpPage() {
  const { t } = useTranslation();
  const { page } = useParams({ from: '/help/$page' });
  const help = useQuery(helpQuery(page));
  return (
    <article className={classes.help}>
      <title>{`${t('help.title')} · Millrace`}</title>
      <Loaded query={help}>{({ markdown }) => <Prose markdown={markdown} anchor={HelpAnchor} />}</Loaded>
    </article>
  );
}

/** Leads to another page of the documentation, or says where a file of the product lies. */
function HelpAnchor({ href = '', children }: PropsWithChildren<{ readonly href?: string }>) {
  const address = helpAddress(href);
  return address === undefined ? <span>{children}</span> : <a href={address}>{children}</a>;
}
