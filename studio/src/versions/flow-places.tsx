import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './flow-places.module.css';

const places = [
  ['/flows/$flowId', 'canvas'],
  ['/flows/$flowId/versions', 'versions'],
  ['/flows/$flowId/tests', 'tests'],
] as const;

/** The ways to look at one flow. */
export function FlowPlaces({ flowId }: { readonly flowId: string }) {
  const { t } = useTranslation();
  return (
    <nav className={classes.places} aria-label={t('places.label')}>
      {places.map(([to, label]) => (
        <Link
          key={to}
          to={to}
          params={{ flowId }}
          className={classes.place}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ 'data-active': true }}
        >
          {t(`places.${label}`)}
        </Link>
      ))}
    </nav>
  );
}
