import { Button, Group, SegmentedControl, Stepper, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../api/client.ts';
import { catalogueQuery } from '../api/queries.ts';
import { type ConnectionDescription, type Environment, environments } from '../api/types.ts';
import { EmptyState } from '../app/empty-state.tsx';
import { useEnvironment } from '../app/environment.ts';
import { Page } from '../app/page.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { ConfigForm } from './config-form.tsx';
import classes from './connections.module.css';
import { refreshConnections } from './queries.ts';
import { firstConfig } from './variants.ts';

/** Sets a connection up in three steps: which system, its address and login, and a first test. */
export function NewConnectionPage() {
  const { t } = useTranslation();
  const catalogue = useQuery(catalogueQuery);
  const { type: wanted } = useSearch({ from: '/connections/new' });
  const [type, setType] = useState(wanted);
  return (
    <Page title={t('connections.wizard.title')} lead={t('connections.wizard.lead')} help="connections">
      <Stepper active={type === undefined ? 0 : 1} size="xs" allowNextStepsSelect={false}>
        <Stepper.Step label={t('connections.wizard.type')} />
        <Stepper.Step label={t('connections.wizard.settings')} />
        <Stepper.Step label={t('connections.wizard.try')} />
      </Stepper>
      <Loaded query={catalogue}>
        {({ connections }) => {
          const chosen = connections.find(({ id }) => id === type);
          return chosen ? (
            <Settings type={chosen} back={() => setType(undefined)} />
          ) : (
            <TypeChoice types={connections} choose={setType} />
          );
        }}
      </Loaded>
    </Page>
  );
}

interface TypeChoiceProps {
  readonly types: readonly ConnectionDescription[];
  readonly choose: (type: string) => void;
}

function TypeChoice({ types, choose }: TypeChoiceProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const fitting = types.filter(({ title, summary }) => `${title} ${summary}`.toLowerCase().includes(wanted));
  return (
    <>
      <TextInput
        mt={20}
        maw={280}
        aria-label={t('connections.wizard.search')}
        placeholder={t('connections.wizard.search')}
        leftSection={<IconSearch size={15} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        autoFocus
      />
      {fitting.length === 0 && (
        <EmptyState icon={IconSearch} title={t('parts.noMatchTitle')} text={t('parts.noMatch')} />
      )}
      <div className={classes.types}>
        {fitting.map(({ id, title, summary }) => (
          <button key={id} type="button" className={classes.type} onClick={() => choose(id)}>
            <span className={classes.typeTitle}>{title}</span>
            <span className={classes.typeText}>{summary}</span>
          </button>
        ))}
      </div>
    </>
  );
}

interface SettingsProps {
  readonly type: ConnectionDescription;
  readonly back: () => void;
}

function Settings({ type: { id: type, title, config: schema }, back }: SettingsProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [environment, setEnvironment] = useState<Environment>(useEnvironment());
  const [name, setName] = useState('');
  const [config, setConfig] = useState(() => firstConfig(schema));
  const creating = useMutation({
    mutationFn: () => call('post /connections', { body: { name: name.trim(), type, environment, config } }),
    onSuccess: ({ id }) => {
      refreshConnections();
      void navigate({ to: '/connections/$connectionId', params: { connectionId: id } });
    },
  });
  return (
    <form
      className={classes.wizard}
      onSubmit={(event) => {
        event.preventDefault();
        creating.mutate();
      }}
    >
      <div className={classes.fields}>
        <SegmentedControl
          aria-label={t('connections.wizard.environment')}
          data={environments.map((value) => ({ value, label: t(`nav.environments.${value}`) }))}
          value={environment}
          onChange={(value) => setEnvironment(value)}
          size="xs"
          w="fit-content"
        />
        <TextInput
          label={t('connections.name')}
          description={t('connections.wizard.nameHint')}
          placeholder={title}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={100}
          autoFocus
          required
        />
        <ConfigForm schema={schema} config={config} change={setConfig} error={creating.error} />
      </div>
      <Refusal error={creating.error} />
      <Group mt={20} gap={8}>
        <Button variant="default" onClick={back}>
          {t('connections.wizard.back')}
        </Button>
        <Button type="submit" loading={creating.isPending}>
          {t('connections.wizard.create')}
        </Button>
      </Group>
    </form>
  );
}
