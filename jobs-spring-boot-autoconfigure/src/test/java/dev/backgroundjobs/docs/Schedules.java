package dev.backgroundjobs.docs;

import dev.backgroundjobs.JobDispatcher;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Schedules of a server.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Profile("!jobs-run-once")
class Schedules {

	@Bean
	NightlyReports nightlyReports(JobDispatcher jobs) {
		return new NightlyReports(jobs);
	}

}
