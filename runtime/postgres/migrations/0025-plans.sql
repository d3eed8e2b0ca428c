-- What a tenant may, whatever its members' roles: its plan. The open one has everything.
alter table millrace.tenant add column plan text not null default 'open'
  check (plan in ('standard', 'enterprise', 'enterprise-pro', 'open'));
grant update (plan) on millrace.tenant to millrace_app;
