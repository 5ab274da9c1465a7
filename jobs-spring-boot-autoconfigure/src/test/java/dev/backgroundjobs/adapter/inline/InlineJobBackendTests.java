package dev.backgroundjobs.adapter.inline;

import java.util.List;

import dev.backgroundjobs.test.JobBackendContract;

class InlineJobBackendTests extends JobBackendContract {

	@Override
	protected String backend() {
		return "inline";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(InlineJobAutoConfiguration.class);
	}

}
