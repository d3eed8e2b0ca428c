import { SegmentedControl, Skeleton, TextInput } from '@mantine/core';
import { IconSearch, IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '../api/queries.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { ErrorState } from '../app/error-state.tsx';
import { Page } from '../app/page.tsx';
import { ClonesTable } from './clones-table.tsx';
import { type TemplateSummary, templatesQuery } from './queries.ts';
import classes from './templates.module.css';

export function TemplatesPage() {
  const { t } = useTranslation();
  const { show = 'gallery' } = useSearch({ from: '/templates' });
  const navigate = useNavigate();
  return (
    <Page
      title={t('templates.title')}
      lead={t('templates.lead')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('templates.title')}
          data={[
            { value: 'gallery', label: t('templates.gallery') },
            { value: 'clones', label: t('templates.clones') },
          ]}
          value={show}
          onChange={(chosen) =>
            void navigate({ to: '/templates', search: chosen === 'clones' ? { show: 'clones' } : {} })
          }
        />
      }
    >
      {show === 'clones' ? <ClonesTable /> : <Gallery />}
    </Page>
  );
}

function Gallery() {
  const { t } = useTranslation();
  const templates = useQuery(templatesQuery);
  const [text, setText] = useState('');
  const words = text.toLowerCase().split(/\s+/);
  const shown = (templates.data ?? []).filter(({ id, name, summary }) => {
    const said = `${id} ${name} ${summary ?? ''}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
  if (templates.isPending) return <Skeleton height={180} radius={14} />;
  if (templates.error) return <ErrorState error={templates.error} retry={() => void templates.refetch()} />;
  if (templates.data.length === 0)
    return <EmptyState icon={IconTemplate} title={t('templates.emptyTitle')} text={t('templates.empty')} />;
  return (
    <>
      <TextInput
        className={classes.search ?? ''}
        aria-label={t('templates.search')}
        placeholder={t('templates.search')}
        leftSection={<IconSearch size={15} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {shown.length === 0 && <EmptyState icon={IconSearch} title={t('templates.noMatch', { text })} />}
      <ul className={classes.gallery}>
        {shown.map((template) => (
          <TemplateCard key={template.id} template={template} />
        ))}
      </ul>
    </>
  );
}

function TemplateCard({
  template: { id, name, summary, version, withdrawn, ...template },
}: {
  readonly template: TemplateSummary;
}) {
  const { t } = useTranslation();
  return (
    <li className={classes.card}>
      <Link to="/templates/$templateId" params={{ templateId: id }} className={classes.name}>
        {name}
      </Link>
      <p className={classes.summary}>{summary}</p>
      <div className={classes.facts}>
        <Origin publisher={template.publisher} />
        <span className="numbers">{t('templates.version', { version })}</span>
        {withdrawn && <span className={classes.withdrawn}>{t('templates.withdrawn')}</span>}
      </div>
    </li>
  );
}

/** Where a template comes from. */
export function Origin({ publisher }: Pick<TemplateSummary, 'publisher'>) {
  const { t } = useTranslation();
  const own = useQuery(sessionQuery).data?.tenant.slug;
  if (publisher === null) return <span>{t('templates.shipped')}</span>;
  return publisher === own ? (
    <span className={classes.own}>{t('templates.own')}</span>
  ) : (
    <span>{t('templates.from', { publisher })}</span>
  );
}
