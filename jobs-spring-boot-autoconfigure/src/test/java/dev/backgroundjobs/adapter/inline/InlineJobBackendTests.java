package dev.backgroundjobs.adapter.inline;

import dev.backgroundjobs.test.JobBackendContract;

class InlineJobBackendTests extends JobBackendContract {

	@Override
	protected String backend() {
		return "inline";
	}

}
