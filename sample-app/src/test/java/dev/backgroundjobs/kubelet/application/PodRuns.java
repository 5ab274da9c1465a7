package dev.backgroundjobs.kubelet.application;

import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.execution.DeadJobEvent;

import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes down in the shared database what happens, and in which process.
 */
class PodRuns {

	private final JdbcClient database;

	private final String process;

	PodRuns(JdbcClient database, Environment environment) {
		this.database = database;
		this.process = environment.getProperty("JOBS_KUBERNETES_JOB", "application");
		database.sql("""
				CREATE TABLE IF NOT EXISTS pod_run (
					number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
					process VARCHAR(100) NOT NULL, what VARCHAR(20) NOT NULL,
					job_id VARCHAR(40) NOT NULL, attempt INT NOT NULL, text VARCHAR(1000000))""").update();
	}

	void write(String what, String text) {
		JobContext job = JobContext.current();
		write(what, job.id(), job.attempt(), text);
	}

	@EventListener
	void isDead(DeadJobEvent event) {
		write("dead", event.message().id(), event.message().attempt(), event.reason());
	}

	private void write(String what, String id, int attempt, String text) {
		this.database.sql("INSERT INTO pod_run (process, what, job_id, attempt, text) VALUES (?, ?, ?, ?, ?)")
			.params(this.process, what, id, attempt, text)
			.update();
	}

}
