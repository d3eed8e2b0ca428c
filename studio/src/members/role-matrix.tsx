import { IconCheck, IconMinus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../parts/loaded.tsx';
import { Panel } from '../parts/panel.tsx';
import { rolesQuery } from './queries.ts';
import classes from './role-matrix.module.css';

/** Which role may do what, as every route goes by it. */
export function RoleMatrix() {
  const { t } = useTranslation();
  const matrix = useQuery(rolesQuery);
  return (
    <div className={classes.place}>
      <Panel title={t('members.matrixTitle')} text={t('members.matrixText')}>
        <Loaded query={matrix}>
          {({ roles, actions }) => (
            <table className={classes.matrix}>
              <thead>
                <tr>
                  <th scope="col">{t('members.action')}</th>
                  {roles.map((role) => (
                    <th key={role} scope="col">
                      {t(`members.roles.${role}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {actions.map(({ name, summary, roles: allowed }) => (
                  <tr key={name}>
                    <th scope="row">{summary}</th>
                    {roles.map((role) => (
                      <td key={role}>
                        <Mark may={allowed.includes(role)} />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}

function Mark({ may }: { readonly may: boolean }) {
  const { t } = useTranslation();
  const Icon = may ? IconCheck : IconMinus;
  return (
    <>
      <Icon size={15} stroke={2.2} aria-hidden className={classes.mark} data-may={may} />
      <span className="visually-hidden">{t(may ? 'members.may' : 'members.mayNot')}</span>
    </>
  );
}
