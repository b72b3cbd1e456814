-- What placement looks at: whose an experiment is and how much of it may run at once, what a worker has to give, and where a job goes.

alter table amnre.experiments
  -- Who submitted it: users share workers evenly, and then the experiments of each.
  add column owner        text not null default '',
  -- Jobs handed out or running at once, at most; null for no limit.
  add column most_running int check (most_running > 0),
  -- Grows when jobs are added, so that nobody goes on with the shape as it was.
  add column revision     int not null default 0;

alter table amnre.workers add column memory_bytes bigint check (memory_bytes > 0);

alter table amnre.jobs
  -- The one worker it was handed to, where others of its queue are too small for it; null for whoever comes first.
  add column placed_on text,
  -- How long it is thought to take, as far as that matters.
  add column expected  interval;

alter table amnre.schedulers add column version text;

-- Hosts on which jobs keep failing are avoided; looked for at every dispatch.
create index attempts_faults on amnre.attempts (ended_at) where failure_class in ('infrastructure', 'resource');
