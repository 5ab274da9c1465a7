package dev.backgroundjobs.crash.application;

import java.net.URI;
import java.nio.file.Path;
import java.util.function.Supplier;

import dev.backgroundjobs.definition.JobDefinitions;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.dispatch.QueueRouter;
import dev.backgroundjobs.event.EventMessages;
import dev.backgroundjobs.execution.JobExecutor;
import dev.backgroundjobs.history.HistoryLog;
import dev.backgroundjobs.message.JobMessageCodec;
import jakarta.servlet.Filter;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Added to the sample application with {@code spring.main.sources}.
 */
@Configuration(proxyBeanMethods = false)
@Import({ RecordedJobs.class, CrashController.class, Listeners.class })
class CrashConfiguration {

	// The library's filter, which never calls the chain, has -101.
	private static final int BEFORE_THE_ENDPOINT = -200;

	@Bean
	HistoryLog history(Environment environment) {
		return HistoryLog.open(Path.of(environment.getRequiredProperty("crash.history")),
				environment.getRequiredProperty("crash.process"));
	}

	@Bean
	CrashSwitch crashSwitch() {
		return new CrashSwitch();
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	Recorder recorder(HistoryLog history, JobMessageCodec codec, CrashSwitch crash) {
		return new Recorder(history, codec, crash);
	}

	@Bean
	DriverJobBackend driverJobBackend(JobMessageCodec codec, HistoryLog history, CrashSwitch crash,
			Environment environment) {
		return new DriverJobBackend(URI.create(environment.getRequiredProperty("crash.platform")),
				environment.getRequiredProperty("crash.process"), codec, history, crash);
	}

	// Beside the one of the sample's own database.
	@Bean(defaultCandidate = false)
	CommitRecorder commitRecorder(HistoryLog history) {
		return new CommitRecorder(history);
	}

	@Bean
	BrokenEndpoint brokenEndpoint(Recorder recorder, DeliveryProcessor processor, JobMessageCodec codec,
			Supplier<JobDefinitions> jobs, EventMessages eventMessages, JobExecutor executor, MessageSender sender,
			QueueRouter router, ApplicationEventPublisher events) {
		return new BrokenEndpoint(recorder, processor, codec, jobs, eventMessages, executor, sender, router, events);
	}

	@Bean
	FilterRegistrationBean<Filter> brokenEndpointFilter(BrokenEndpoint endpoint) {
		return atTheEndpoint(endpoint, BEFORE_THE_ENDPOINT + 1);
	}

	@Bean
	FilterRegistrationBean<Filter> answerFilter(CrashSwitch crash) {
		return atTheEndpoint(new AnswerFilter(crash), BEFORE_THE_ENDPOINT);
	}

	private static FilterRegistrationBean<Filter> atTheEndpoint(Filter filter, int order) {
		FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
		registration.addUrlPatterns("/_jobs");
		registration.setOrder(order);
		return registration;
	}

}
