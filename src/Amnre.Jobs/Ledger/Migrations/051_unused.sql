-- Columns that this program neither reads nor fills any more. They stay: earlier programs fill them.
comment on column amnre.events.token is 'not filled any more: the message says which attempt is meant';
