import { IconRoute, IconSwitchHorizontal } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { flowsQuery } from '../api/queries.ts';
import { environments } from '../api/types.ts';
import { chooseEnvironment, useEnvironment } from '../app/environment.ts';
import { navigation } from '../app/navigation.ts';
import { useMay } from '../app/use-may.ts';
import { type CommandGroup, useCommands } from './registry.ts';

/** What is offered on every page: all places, all flows, the other environment. */
export function GeneralCommands() {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const environment = useEnvironment();
  const mayRead = may('flows.read');
  const { data: flows } = useQuery({ ...flowsQuery(environment), enabled: mayRead });
  const allowed = navigation
    .flatMap(({ places }) => places)
    .filter(({ action }) => may(action))
    .map(({ to }) => to)
    .join();

  const places = useMemo<CommandGroup>(
    () => ({
      rank: 4,
      title: t('commands.places'),
      commands: navigation
        .flatMap(({ places }) => places)
        .filter(({ to }) => allowed.split(',').includes(to))
        .map(({ to, icon, label }) => ({
          id: `place:${to}`,
          label: t(`nav.places.${label}`),
          icon,
          run: () => void navigate({ to }),
        })),
    }),
    [t, navigate, allowed],
  );
  const ofFlows = useMemo<CommandGroup>(
    () => ({
      rank: 5,
      title: t('commands.flows'),
      commands: (flows ?? []).map(({ id, name, description }) => ({
        id: `flow:${id}`,
        label: name,
        hint: description ?? undefined,
        icon: IconRoute,
        run: () => void navigate({ to: '/flows/$flowId', params: { flowId: id } }),
      })),
    }),
    [t, navigate, flows],
  );
  const ofEnvironments = useMemo<CommandGroup>(
    () => ({
      rank: 6,
      title: t('commands.environment'),
      commands: environments
        .filter((other) => other !== environment)
        .map((other) => ({
          id: `environment:${other}`,
          label: t('commands.lookAt', { environment: t(`nav.environments.${other}`) }),
          icon: IconSwitchHorizontal,
          run: () => chooseEnvironment(other),
        })),
    }),
    [t, environment],
  );
  useCommands(ofEnvironments);
  useCommands(ofFlows);
  useCommands(places);
  return null;
}
