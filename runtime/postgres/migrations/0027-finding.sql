-- What people look for in lists is found by what it is, however much there is beside it.

-- Runs by the key on which they waited; of those that are not archived yet, wait_by_key finds it.
create index on millrace.archived_wait (tenant_id, key);

-- Signals that nobody has taken, and waits whose answer is late: both are few among many.
create index signal_unmatched on millrace.signal (tenant_id, id desc)
  where state in ('kept', 'late', 'rejected', 'malformed');
create index wait_overdue on millrace.wait (tenant_id, id desc) where state = 'open' and overdue_since is not null;
