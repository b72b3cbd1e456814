-- When each worker of an allocation last ended a job, asked with every look at the batch system: without looking at every attempt there ever was.
create index attempts_of_worker on amnre.attempts (worker, ended_at);
-- Was only ever shown.
alter table amnre.allocations drop column seen_at;
