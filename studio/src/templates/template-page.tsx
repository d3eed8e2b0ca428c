import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { queryClient } from '../api/query-client.ts';
import { ErrorState } from '../app/error-state.tsx';
import { notifyDone, notifyRefused } from '../app/notify.ts';
import { Page } from '../app/page.tsx';
import { useMay } from '../app/use-may.ts';
import { When } from '../app/when.tsx';
import { Prose } from '../parts/prose.tsx';
import { type Audience, AudienceField, PublishTemplateDialog } from './publish-dialog.tsx';
import { clonesQuery, type Template, templateQuery } from './queries.ts';
import classes from './templates.module.css';
import { Origin } from './templates-page.tsx';

export function TemplatePage() {
  const { t } = useTranslation();
  const { templateId } = useParams({ from: '/templates/$templateId' });
  const template = useQuery(templateQuery(templateId));
  const own = useQuery(sessionQuery).data?.tenant.slug;
  const may = useMay();
  if (template.error && !template.data)
    return <ErrorState error={template.error} retry={() => void template.refetch()} wholePage />;
  if (!template.data)
    return (
      <Page title={t('templates.title')}>
        <Skeleton height={240} radius={14} />
      </Page>
    );
  const { name, summary, description, publisher } = template.data;
  const isOwn = publisher === own && may('templates.publish');
  return (
    <Page title={name} lead={summary ?? ''} actions={<TemplateActions template={template.data} isOwn={isOwn} />}>
      <div className={classes.columns}>
        <div>
          <div className={classes.facts}>
            <Origin publisher={publisher} />
            <span className="mono">{template.data.id}</span>
            {template.data.withdrawn && <span className={classes.withdrawn}>{t('templates.withdrawn')}</span>}
          </div>
          <div className={classes.description}>
            <Prose markdown={description} untitled />
          </div>
          <Changelog template={template.data} />
        </div>
        <div className={classes.aside}>
          <Offered template={template.data} />
          {isOwn && <Owned template={template.data} />}
        </div>
      </div>
    </Page>
  );
}

function TemplateActions({ template, isOwn }: { readonly template: Template; readonly isOwn: boolean }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [publishing, setPublishing] = useState(false);
  const flowId = template.id.split('/')[1] ?? '';
  const changing = useChange(template.id);
  return (
    <>
      {isOwn && (
        <>
          <Button
            variant="default"
            onClick={() => changing.mutate({ withdrawn: !template.withdrawn })}
            loading={changing.isPending}
          >
            {t(template.withdrawn ? 'template.offerAgain' : 'template.withdraw')}
          </Button>
          <Button variant="default" onClick={() => setPublishing(true)}>
            {t('template.newVersion')}
          </Button>
        </>
      )}
      {may('templates.clone') && (
        <Button
          onClick={() => void navigate({ to: '/templates/$templateId/clone', params: { templateId: template.id } })}
        >
          {t('template.clone')}
        </Button>
      )}
      {publishing && (
        <PublishTemplateDialog flowId={flowId} close={() => setPublishing(false)} done={() => undefined} />
      )}
    </>
  );
}

function useChange(id: string) {
  const { t } = useTranslation();
  return useMutation({
    mutationFn: (body: { audience?: Audience; withdrawn?: boolean }) =>
      call('put /templates/{id}', { params: { id }, body }),
    onSuccess: async () => {
      notifyDone(t('template.changed'));
      await queryClient.invalidateQueries({ queryKey: ['templates'] });
    },
    onError: (error) => notifyRefused(t('template.refused'), error),
  });
}

/** What one gets with the newest version. */
function Offered({ template: { offered } }: { readonly template: Template }) {
  const { t } = useTranslation();
  const properties = (offered.parameters?.properties ?? {}) as unknown as Record<
    string,
    { title?: string; default?: unknown }
  >;
  const parts = [
    [
      'parameters',
      Object.entries(properties).map(([name, { title, default: value }]) =>
        [title ?? name, value !== undefined && t('template.default', { value: JSON.stringify(value) })]
          .filter(Boolean)
          .join(', '),
      ),
    ],
    ['connections', Object.entries(offered.connections).map(([slot, { type }]) => `${slot} (${type})`)],
    ['records', offered.records.map(({ title }) => title)],
    ['tables', offered.tables.map(({ title }) => title)],
    ['mappings', offered.mappings.map(({ title }) => title)],
    ['flows', offered.flows],
    ['samples', offered.samples],
    ['tests', offered.tests],
  ] as const;
  return (
    <section className={classes.box}>
      <h2 className={classes.boxTitle}>{t('template.what')}</h2>
      <dl className={classes.parts}>
        {parts.flatMap(([name, items]) =>
          items.length === 0
            ? []
            : [
                <div key={name}>
                  <dt>
                    {t(`template.${name}`)} <span className={classes.quiet}>{items.length}</span>
                  </dt>
                  <Few items={items} />
                </div>,
              ],
        )}
      </dl>
    </section>
  );
}

/** More items than these are only counted. */
const mostNamed = 6;

function Few({ items }: { readonly items: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <>
      {items.slice(0, mostNamed).map((item) => (
        <dd key={item}>{item}</dd>
      ))}
      {items.length > mostNamed && <dd>{t('template.more', { count: items.length - mostNamed })}</dd>}
    </>
  );
}

function Changelog({ template: { versions } }: { readonly template: Template }) {
  const { t } = useTranslation();
  return (
    <section className={classes.changelog}>
      <h2 className={classes.boxTitle}>{t('template.changelog')}</h2>
      <ol>
        {versions.map(({ version, changelog, publishedAt }) => (
          <li key={version}>
            <strong className="numbers">{version}</strong>
            {publishedAt !== null && (
              <span className={classes.quiet}>
                {' '}
                <When at={publishedAt} />
              </span>
            )}
            <p>{changelog === '' ? <span className={classes.quiet}>{t('template.noChangelog')}</span> : changelog}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Who sees it, and how many have cloned it: for its publisher. */
function Owned({ template: { id, audience } }: { readonly template: Template }) {
  const { t } = useTranslation();
  const may = useMay();
  const clones = useQuery({ ...clonesQuery(id), enabled: may('templates.count') });
  const [chosen, setChosen] = useState<Audience>(audience ?? 'own');
  const changing = useChange(id);
  return (
    <section className={classes.box}>
      <AudienceField value={chosen} change={setChosen} />
      <Button
        variant="default"
        mt={12}
        onClick={() => changing.mutate({ audience: chosen })}
        loading={changing.isPending}
        disabled={typeof chosen === 'object' && chosen.length === 0}
      >
        {t('template.saveAudience')}
      </Button>
      <h2 className={classes.boxTitle}>{t('template.counts')}</h2>
      {clones.data?.length === 0 && <p className={classes.quiet}>{t('template.noClones')}</p>}
      <ul className={classes.counts}>
        {clones.data?.map(({ version, clones: count }) => (
          <li key={version}>
            {t('templates.version', { version })}: {t('template.count', { count })}
          </li>
        ))}
      </ul>
    </section>
  );
}
