package dev.backgroundjobs.adapter.google;

import dev.backgroundjobs.adapter.cloudtasks.CloudTasksJobAutoConfiguration;
import dev.backgroundjobs.adapter.inline.InlineJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsEndpointAutoConfiguration;
import dev.backgroundjobs.delivery.DeliveryAuthenticator;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is let in by which property, and what is refused at the start.
 */
class GoogleAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, GoogleAutoConfiguration.class,
				CloudTasksJobAutoConfiguration.class, InlineJobAutoConfiguration.class))
		.withPropertyValues("jobs.backend=inline");

	private final WebApplicationContextRunner web = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, JobsEndpointAutoConfiguration.class,
				GoogleAutoConfiguration.class, InlineJobAutoConfiguration.class))
		.withPropertyValues("jobs.backend=inline");

	@Test
	void letsNobodyInUnlessConfigured() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DeliveryAuthenticator.class));
	}

	@Test
	void anAudienceAloneIsRefused() {
		this.runner.withPropertyValues("jobs.google-oidc.audience=https://paperwork.example.com")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("'jobs.google-oidc.emails' is empty"));
	}

	@Test
	void serviceAccountsAloneAreRefused() {
		this.runner.withPropertyValues("jobs.google-oidc.emails=a@b.iam.gserviceaccount.com")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("'jobs.google-oidc.audience' is not set"));
	}

	@Test
	void thePlatformIsTrustedOnlyOnCloudRun() {
		this.web.withPropertyValues("jobs.endpoint.trust=platform")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause().hasMessageContaining("K_SERVICE"));
		this.web.withPropertyValues("jobs.endpoint.trust=platform", "K_SERVICE=paperwork")
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(PlatformDeliveryAuthenticator.class));
	}

	@Test
	void trustInThePlatformIsNoProblemWhereNobodyCanCall() {
		this.runner.withPropertyValues("jobs.endpoint.trust=platform")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void tokensStayTheConditionWhereThePlatformIsTrusted() {
		this.runner
			.withPropertyValues("jobs.endpoint.trust=platform", "K_SERVICE=paperwork",
					"jobs.google-oidc.audience=https://paperwork.example.com",
					"jobs.google-oidc.emails=a@b.iam.gserviceaccount.com")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(GoogleDeliveryAuthenticator.class)
				.doesNotHaveBean(PlatformDeliveryAuthenticator.class));
	}

	@Test
	void tasksWithoutATokenAreRefusedWhereTokensAreAskedFor() {
		this.runner
			.withPropertyValues("jobs.backend=cloud-tasks", "jobs.cloud-tasks.project=p", "jobs.cloud-tasks.location=l",
					"jobs.cloud-tasks.url=https://paperwork.example.com/_jobs",
					"jobs.google-oidc.audience=https://paperwork.example.com",
					"jobs.google-oidc.emails=a@b.iam.gserviceaccount.com")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("'jobs.cloud-tasks.service-account-email' is not set"));
	}

}
