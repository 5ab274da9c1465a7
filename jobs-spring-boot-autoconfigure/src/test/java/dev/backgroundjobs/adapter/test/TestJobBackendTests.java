package dev.backgroundjobs.adapter.test;

import dev.backgroundjobs.test.JobBackendContract;
import dev.backgroundjobs.test.TestJobBackend;

import org.springframework.context.ConfigurableApplicationContext;

class TestJobBackendTests extends JobBackendContract {

	@Override
	protected String backend() {
		return "test";
	}

	@Override
	protected boolean canHoldDeadLetters() {
		return true;
	}

	@Override
	protected void deliverDue(ConfigurableApplicationContext context) {
		context.getBean(TestJobBackend.class).runDue();
	}

}
