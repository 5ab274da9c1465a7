package dev.backgroundjobs.adapter.local;

import java.util.List;

import dev.backgroundjobs.test.JobBackendContract;

class LocalJobBackendTests extends JobBackendContract {

	@Override
	protected String backend() {
		return "local";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(LocalJobAutoConfiguration.class);
	}

	@Override
	protected List<String> properties() {
		return List.of("jobs.local.concurrency=1");
	}

}
