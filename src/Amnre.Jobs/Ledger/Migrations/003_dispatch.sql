-- What the dispatcher takes next, without looking at all that waits: the first few ready jobs of each experiment under way.

drop index amnre.jobs_ready;

create index jobs_ready on amnre.jobs (experiment_id, queue, priority desc, id) where state = 'ready';
