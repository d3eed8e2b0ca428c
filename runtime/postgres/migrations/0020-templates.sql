-- Flows that tenants offer to others to begin with. What a reader may see of another tenant's is said here, by the policies:
-- a template that is not withdrawn and whose audience the reader belongs to, with its versions.
create table millrace.template (
  id           text primary key,               -- slug of the publisher, and the flow: acme/orders
  tenant_id    uuid not null references millrace.tenant,
  flow_id      text not null,
  name         text not null,                  -- these two as in the newest version
  summary      text,
  description  text not null,
  audience     text not null check (audience in ('own', 'named', 'everybody')),
  withdrawn    boolean not null default false,
  unique (tenant_id, flow_id)
);

-- The tenants of an audience that is named, by their slugs: whether there are such tenants is nobody's business.
create table millrace.template_reader (
  template   text not null references millrace.template,
  tenant_id  uuid not null references millrace.tenant,  -- the publisher
  reader     text not null,
  primary key (template, reader)
);

-- Versions are never changed. Each holds its bundle, since the version of the flow is its tenant's alone.
create table millrace.template_version (
  template      text not null references millrace.template,
  tenant_id     uuid not null references millrace.tenant,
  version       text not null,                 -- as the publisher numbers them: 1.2
  position      bigint generated always as identity,
  content       text not null,                 -- name of the flow's version that it is
  bundle        json not null,
  changelog     text not null,
  published_at  timestamptz not null default millrace.now(),
  primary key (template, version)
);

-- Flows that were made of templates, also of those that come with Millrace.
create table millrace.clone (
  tenant_id    uuid not null references millrace.tenant,
  flow_id      text not null,
  template     text not null,
  version      text not null,
  base         json not null,                  -- the template's bundle at that version
  decisions    json not null default '[]',     -- about conflicts of an upgrade that is not done yet
  connections  json not null,                  -- environment → slot → connection id, for the first deployment there
  changes      integer not null default 0,     -- optimistic lock
  primary key (tenant_id, flow_id),
  foreign key (tenant_id, flow_id) references millrace.flow on delete cascade
);
create index clone_by_template on millrace.clone (template, version);

do $$
declare t text;
begin
  foreach t in array array['template', 'template_reader', 'template_version', 'clone'] loop
    execute format('alter table millrace.%I enable row level security, force row level security', t);
    execute format(
      'create policy tenant on millrace.%I to millrace_app using (tenant_id = any (nullif(current_setting(''app.tenants'', true), '''')::uuid[]))', t);
  end loop;
end $$;

-- Of tenants, the role sees those of the transaction alone.
create policy own_name on millrace.template as restrictive for insert to millrace_app
  with check (id = (select slug from millrace.tenant where tenant.id = template.tenant_id) || '/' || flow_id);
create policy audience on millrace.template_reader for select to millrace_app
  using (reader in (select slug from millrace.tenant));
create policy audience on millrace.template for select to millrace_app
  using (not withdrawn and (
    audience = 'everybody' or
    audience = 'named' and id in (
      select template from millrace.template_reader where reader in (select slug from millrace.tenant))));
create policy audience on millrace.template_version for select to millrace_app
  using (template in (select id from millrace.template));

grant select, insert, update on millrace.template to millrace_app;
grant select, insert, delete on millrace.template_reader to millrace_app;
grant select, insert on millrace.template_version to millrace_app;
grant select, insert, update on millrace.clone to millrace_app;

-- Across tenants it is found how many clones there are of what, and nothing of whose they are.
create policy scan on millrace.clone to millrace_scan using (true);
grant select (template, version) on millrace.clone to millrace_scan;
