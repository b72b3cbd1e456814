-- When the batch system ends the allocation that a worker runs in, on this database's clock; null where nothing ends it.
alter table amnre.workers add column if not exists ends_at timestamptz;
