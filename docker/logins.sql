-- The logins of Policy Timeline on a PostgreSQL of its own: run once, by a superuser, in its database. Passwords come from
-- the environment, so that they stand in no list of processes and in no history of a shell.
\getenv owner_password OWNER_PASSWORD
\getenv application_password APPLICATION_PASSWORD
CREATE ROLE policy_timeline_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE policy_timeline_app LOGIN PASSWORD :'application_password';
GRANT policy_timeline_app TO policy_timeline_owner;
SELECT format('ALTER DATABASE %I OWNER TO policy_timeline_owner', current_database())
\gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
