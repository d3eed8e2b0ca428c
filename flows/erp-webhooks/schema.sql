-- What the flow expects of the ERP's database; an example to be fitted to the tables that there are.
-- A change is told when its transaction, and every one that began before it, has ended: so none is passed over.

create table if not exists stock (
  sku text primary key,
  location_id text,
  quantity numeric not null,
  reason text
);

create table stock_change (
  change_id bigint generated always as identity primary key,
  transaction xid8 not null default pg_current_xact_id(),
  sku text not null,
  location_id text,
  new_quantity numeric not null,
  reason text,
  changed_at timestamptz not null default clock_timestamp()
);
create index on stock_change (transaction);

create table product (
  product_group_id text primary key check (length(product_group_id) <= 50),
  -- The whole object as the shop wants it: group, variants, media.
  document json not null
);

create table product_change (
  change_id bigint generated always as identity primary key,
  transaction xid8 not null default pg_current_xact_id(),
  product_group_id text not null,
  document json not null,
  changed_at timestamptz not null default clock_timestamp()
);
create index on product_change (transaction);

create function note_stock_change() returns trigger language plpgsql as $$
begin
  insert into stock_change (sku, location_id, new_quantity, reason)
  values (new.sku, new.location_id, new.quantity, new.reason);
  return new;
end $$;
create trigger stock_changed after insert or update of quantity on stock
  for each row execute function note_stock_change();

create function note_product_change() returns trigger language plpgsql as $$
begin
  insert into product_change (product_group_id, document) values (new.product_group_id, new.document);
  return new;
end $$;
create trigger product_changed after insert or update on product
  for each row execute function note_product_change();
