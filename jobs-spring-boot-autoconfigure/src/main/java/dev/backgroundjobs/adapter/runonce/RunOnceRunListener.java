package dev.backgroundjobs.adapter.runonce;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Hands what this process was started for to the application, and has it done once that
 * is ready: by the first context that has the beans for it. Others, such as a parent, or
 * the one that Spring Cloud starts before, have not.
 */
final class RunOnceRunListener implements SpringApplicationRunListener, Ordered {

	private @Nullable RunOnceRequest request;

	private @Nullable RunOnceProcess process;

	// After the one that calls the application's listeners.
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void environmentPrepared(ConfigurableBootstrapContext bootstrap, ConfigurableEnvironment environment) {
		if (bootstrap.isRegistered(RunOnceRequest.class)) {
			this.request = bootstrap.get(RunOnceRequest.class);
			this.process = bootstrap.get(RunOnceProcess.class);
		}
	}

	@Override
	public void contextPrepared(ConfigurableApplicationContext context) {
		if (this.request != null && this.process != null) {
			context.getBeanFactory().registerSingleton("jobsRunOnceRequest", this.request);
			context.getBeanFactory().registerSingleton("jobsRunOnceProcess", this.process);
		}
	}

	@Override
	public void ready(ConfigurableApplicationContext context, @Nullable Duration timeTaken) {
		RunOnceRequest request = this.request;
		if (request == null || !context.containsLocalBean(RunOnceRunner.BEAN_NAME)) {
			return;
		}
		context.getBean(RunOnceRunner.BEAN_NAME, RunOnceRunner.class).run(request, context);
	}

	@Override
	public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		if (this.process != null) {
			this.process.failed();
		}
	}

}
