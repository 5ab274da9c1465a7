package dev.backgroundjobs.adapter.lambda;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.DiscardJobException;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application of the web with jobs, whose image is used for a function. What happens
 * is told by lines of its output.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class LambdaWorker {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(LambdaWorker.class);
		application.setAdditionalProfiles("by-its-own-main");
		application.run(args);
	}

	@Bean
	ApplicationRunner startedRunner(ApplicationContext context) {
		return (arguments) -> System.out
			.println("## started, profiles " + String.join(",", context.getEnvironment().getActiveProfiles())
					+ ", web server " + (context instanceof WebServerApplicationContext));
	}

	@Bean
	Letters letters(JobDispatcher jobs) {
		return new Letters(jobs);
	}

	/**
	 * The jobs.
	 */
	static class Letters {

		private final JobDispatcher jobs;

		Letters(JobDispatcher jobs) {
			this.jobs = jobs;
		}

		@BackgroundJob
		void send(String to) {
			ran("send " + to);
		}

		@BackgroundJob
		void announce(String to) {
			this.jobs.enqueue(Letters::send, to);
			ran("announce " + to);
		}

		@BackgroundJob(maxAttempts = "2")
		void fail(String to) {
			ran("fail " + to);
			throw new IllegalStateException("Nobody may read this about " + to);
		}

		@BackgroundJob
		void discard(String to) {
			ran("discard " + to);
			throw new DiscardJobException("returned to sender");
		}

		// The function of this queue takes no successor.
		@BackgroundJob(queue = "broken")
		void failWithoutSuccessor(String to) {
			ran("failWithoutSuccessor " + to);
			throw new IllegalStateException("Nobody may read this about " + to);
		}

		private static void ran(String what) {
			System.out.println("## ran " + what + ", attempt " + JobContext.current().attempt());
		}

	}

}
