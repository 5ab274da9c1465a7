package dev.backgroundjobs.adapter.cloudrun;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.execution.Lease;
import dev.backgroundjobs.test.JobBackendContract;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.mock.env.MockEnvironment;

/**
 * The contract over Google's own client and gRPC to a {@link TestCloudRun double} of
 * Cloud Run. Its tasks are run by the application under test, as {@link CloudRunTasksIT}
 * has them run by applications of their own.
 */
class CloudRunJobBackendIT extends JobBackendContract {

	private final TestCloudRun cloud = new TestCloudRun();

	@AfterEach
	void stopCloud() {
		this.cloud.close();
	}

	@Override
	protected String backend() {
		return "cloud-run";
	}

	@Override
	protected List<Class<?>> configurations() {
		return List.of(CloudRun.class);
	}

	@Override
	protected List<String> properties() {
		return List.of(this.cloud.properties("default", "doomed", "unkept"));
	}

	@Override
	protected void deliverDue(ConfigurableApplicationContext context) {
		this.cloud.runOnce((variables) -> run(context, variables));
	}

	private static int run(ConfigurableApplicationContext context, Map<String, String> variables) {
		CloudRunTask task = new CloudRunTask(environment(variables), context.getBean(CloudRunJobProperties.class),
				context.getBean(CloudRunExecutions.class), Instant.EPOCH);
		byte[] body = String.valueOf(variables.get("JOBS_MESSAGE")).getBytes(StandardCharsets.UTF_8);
		Settlement settlement = context.getBean(DeliveryProcessor.class)
			.process(Delivery.pulled(body, task.name(), true, task.redeliveries()).with(new Lease(task::isOwned)));
		return task.exitCode(settlement);
	}

	private static Environment environment(Map<String, String> variables) {
		MockEnvironment environment = new MockEnvironment();
		variables.forEach(environment::setProperty);
		return environment;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CloudRunJobAutoConfiguration.class)
	static class CloudRun {

	}

}
