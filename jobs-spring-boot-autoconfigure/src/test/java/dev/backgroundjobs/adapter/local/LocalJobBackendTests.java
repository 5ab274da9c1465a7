package dev.backgroundjobs.adapter.local;

import dev.backgroundjobs.test.JobBackendContract;

class LocalJobBackendTests extends JobBackendContract {

	@Override
	protected String backend() {
		return "local";
	}

}
