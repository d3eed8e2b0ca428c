import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import Markdown from 'markdown-to-jsx';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../parts/loaded.tsx';
import { helpAddress } from './help-address.ts';
import classes from './help-page.module.css';
import { helpQuery } from './queries.ts';

/** A page of the documentation. HTML in it is shown as text. */
export function HelpPage() {
  const { t } = useTranslation();
  const { page } = useParams({ from: '/help/$page' });
  const help = useQuery(helpQuery(page));
  return (
    <article className={classes.help}>
      <title>{`${t('help.title')} · Millrace`}</title>
      <Loaded query={help}>
        {({ markdown }) => (
          <Markdown options={{ disableParsingRawHTML: true, overrides: { a: HelpAnchor }, wrapper: 'div' }}>
            {markdown}
          </Markdown>
        )}
      </Loaded>
    </article>
  );
}

/** Leads to another page of the documentation, or says where a file of the product lies. */
function HelpAnchor({ href = '', children }: { readonly href?: string; readonly children?: React.ReactNode }) {
  const address = helpAddress(href);
  return address === undefined ? <span>{children}</span> : <a href={address}>{children}</a>;
}
