-- What the pages read without looking at every job: jobs of an experiment by state in plan order, and the events of one job.

create index jobs_of_state on amnre.jobs (experiment_id, state, ordinal);
create index events_of_job on amnre.events (job_id, id) where job_id is not null;
