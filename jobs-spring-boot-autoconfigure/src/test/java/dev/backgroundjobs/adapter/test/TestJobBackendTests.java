package dev.backgroundjobs.adapter.test;

import java.util.List;

import dev.backgroundjobs.message.JobMessageCodec;
import dev.backgroundjobs.test.JobBackendContract;
import dev.backgroundjobs.test.TestJobBackend;

import org.springframework.context.ConfigurableApplicationContext;

class TestJobBackendTests extends JobBackendContract {

	@Override
	protected String backend() {
		return "test";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(TestJobAutoConfiguration.class);
	}

	@Override
	protected void deliverDue(ConfigurableApplicationContext context) {
		context.getBean(TestJobBackend.class).runDue();
	}

	@Override
	protected List<byte[]> keptMessages(ConfigurableApplicationContext context, String queue) {
		JobMessageCodec codec = context.getBean(JobMessageCodec.class);
		return context.getBean(TestJobBackend.class)
			.deadLetters()
			.stream()
			.filter((message) -> message.destination().equals(queue))
			.map((message) -> codec.encode(message).bytes())
			.toList();
	}

	// It plays a platform within the process.
	@Override
	protected boolean keepsMessagesOverARestart() {
		return false;
	}

}
