package dev.backgroundjobs.adapter.aws;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.autoconfigure.InvalidJobsConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class AwsStartTests {

	private final WebApplicationContextRunner web = new WebApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues("spring.cloud.gcp.core.enabled=false", "spring.cloud.gcp.pubsub.enabled=false",
				"jobs.backend=inline");

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "400-599 | true", "400-499,500-599 | true", " 300-999 | true", "500-599, 400-499 | true",
					"400-599,600 | true", " | false", "500-599 | false", "400-598 | false", "400,599 | false",
					"4xx,5xx | false", "599-400 | false", "400-499;500-599 | false", "400 - 599 | true" })
	void allStatusesOfErrorsMustBeFailures(String codes, boolean covers) {
		assertThat(ErrorStatusCodes.coverAll(codes)).isEqualTo(covers);
	}

	@Test
	void onLambdaRefusesToStartWhereErrorsAreTakenForSuccess() {
		this.web.withPropertyValues("AWS_LAMBDA_FUNCTION_NAME=paperwork", "AWS_LWA_ERROR_STATUS_CODES=500-599")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidJobsConfigurationException.class)
				.hasMessageContaining("AWS_LWA_ERROR_STATUS_CODES' is '500-599'")
				.hasMessageContaining("set it to 400-599"));
	}

	@Test
	void onLambdaWithoutTheVariableRefusesToStart() {
		this.web.withPropertyValues("AWS_LAMBDA_FUNCTION_NAME=paperwork")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("AWS_LWA_ERROR_STATUS_CODES' is not set"));
	}

	@Test
	void onLambdaSaysHowChainsAreAllowedAndWhereEventsGo(CapturedOutput output) {
		this.web.withPropertyValues("AWS_LAMBDA_FUNCTION_NAME=paperwork", "AWS_LWA_ERROR_STATUS_CODES=400-599")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output)
					.contains("aws lambda put-function-recursion-config --function-name paperwork "
							+ "--recursive-loop Allow")
					.contains("set the variable AWS_LWA_PASS_THROUGH_PATH=/_jobs");
			});
	}

	@Test
	void onLambdaTheWorkerIsRefused() {
		this.web
			.withPropertyValues("AWS_LAMBDA_FUNCTION_NAME=paperwork", "AWS_LWA_ERROR_STATUS_CODES=400-599",
					"jobs.sqs.worker.enabled=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'jobs.sqs.worker.enabled' is true on Lambda"));
	}

	@Test
	void aFunctionWithoutEndpointNeedsNoVariable() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("spring.cloud.gcp.core.enabled=false", "spring.cloud.gcp.pubsub.enabled=false",
					"jobs.backend=inline", "AWS_LAMBDA_FUNCTION_NAME=paperwork")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(LambdaEvents.class));
	}

	@Test
	void elsewhereNobodyOfAwsGetsIn(CapturedOutput output) {
		this.web.run((context) -> {
			assertThat(context).hasNotFailed()
				.doesNotHaveBean(LambdaDeliveryAuthenticator.class)
				.doesNotHaveBean(SqsdDeliveryAuthenticator.class);
			assertThat(output).doesNotContain("put-function-recursion-config");
		});
	}

	@Test
	void theDaemonOfElasticBeanstalkGetsInWhereItIsSaid() {
		this.web.withPropertyValues("jobs.sqsd.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(SqsdDeliveryAuthenticator.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Jobs.class)
	static class Application {

	}

	static class Jobs {

		@BackgroundJob
		void succeed() {
		}

	}

}
