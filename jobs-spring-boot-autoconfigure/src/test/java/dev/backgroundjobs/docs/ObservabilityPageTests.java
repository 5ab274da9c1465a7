package dev.backgroundjobs.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.JobOptions;
import dev.backgroundjobs.backend.BackendRequests;
import dev.backgroundjobs.delivery.DeadReason;
import dev.backgroundjobs.delivery.DeliveryMeters;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.dispatch.EnqueueFailedEvent;
import dev.backgroundjobs.dispatch.EnqueueObservationDocumentation;
import dev.backgroundjobs.execution.DefaultExecuteObservationConvention;
import dev.backgroundjobs.execution.ExecuteObservationContext;
import dev.backgroundjobs.execution.ExecuteObservationDocumentation;
import dev.backgroundjobs.execution.ExecuteObservationDocumentation.IterationEvent;
import dev.backgroundjobs.execution.Slice;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.test.TestJobBackend;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page and the dashboard name exactly the meters there are.
 */
class ObservabilityPageTests {

	private static final Path DOCS = Path.of("..", "docs");

	@Test
	void thePageListsExactlyTheMetersThereAre() throws IOException {
		Set<String> listed = rows("| `(jobs[a-z.]+)` \\| (?:timer|gauge|counter) \\|");
		withAllMeters((registry) -> {
			Set<String> there = new TreeSet<>();
			registry.getMeters().forEach((meter) -> there.add(meter.getId().getName()));
			there.removeIf((name) -> !name.startsWith("jobs.") || name.endsWith(".active"));
			assertThat(there).isEqualTo(listed);
		});
	}

	@Test
	void thePageNamesEveryTagOfEveryMeter() throws IOException {
		List<String> lines = Files.readAllLines(DOCS.resolve("observability.md"));
		withAllMeters((registry) -> registry.getMeters().forEach((meter) -> {
			String name = meter.getId().getName();
			if (name.startsWith("jobs.") && !name.endsWith(".active")) {
				assertThat(lines).as("row of %s", name).anySatisfy((line) -> {
					assertThat(line).startsWith("| `" + name + "` |");
					meter.getId().getTags().forEach((tag) -> assertThat(line).contains("`" + tag.getKey() + "`"));
				});
			}
		}));
	}

	@Test
	void thePageNamesEveryKeyOfTheObservations() throws IOException {
		assertKeys("jobs.enqueue", EnqueueObservationDocumentation.JOBS_ENQUEUE.getLowCardinalityKeyNames(),
				EnqueueObservationDocumentation.JOBS_ENQUEUE.getHighCardinalityKeyNames());
		assertKeys("jobs.execute", ExecuteObservationDocumentation.JOBS_EXECUTE.getLowCardinalityKeyNames(),
				ExecuteObservationDocumentation.JOBS_EXECUTE.getHighCardinalityKeyNames());
	}

	@Test
	void thePageNamesEveryEventOfAnIteration() throws IOException {
		String page = Files.readString(DOCS.resolve("observability.md"));
		for (IterationEvent event : IterationEvent.values()) {
			assertThat(page).contains(event.getName().substring("iteration.".length()) + "`");
		}
	}

	@Test
	void thePageNamesEveryReasonAndSettlement() throws IOException {
		String page = Files.readString(DOCS.resolve("observability.md"));
		for (DeadReason reason : DeadReason.values()) {
			assertThat(page).contains("`" + reason.tag() + "`");
		}
		for (Settlement settlement : Settlement.values()) {
			assertThat(page).contains("`" + settlement.tag() + "`");
		}
	}

	@Test
	void theDashboardUsesExactlyTheMetersThereAre() throws IOException {
		JsonNode dashboard = JsonMapper.builder()
			.build()
			.readTree(Files.readString(DOCS.resolve("grafana-dashboard.json")));
		Set<String> used = new TreeSet<>();
		Set<String> labels = new TreeSet<>();
		for (JsonNode panel : dashboard.get("panels")) {
			for (JsonNode target : panel.get("targets")) {
				String expression = target.get("expr").asString();
				find("\\bjobs_[a-z_]+", expression, used);
				find("(?<=by \\()[a-z_]+|(?<=[{,])[a-z_]+(?==)", expression, labels);
			}
		}
		withAllMeters((registry) -> {
			String scraped = ((PrometheusMeterRegistry) registry).scrape();
			Set<String> there = find("(?m)^jobs_[a-z_]+", scraped, new TreeSet<>());
			assertThat(there).containsAll(used);
			assertThat(scraped).contains(labels);
			Set<String> unused = new TreeSet<>(there);
			unused.removeAll(used);
			assertThat(unused)
				.allSatisfy((name) -> assertThat(name).matches(".*_(active_seconds.*|seconds_(sum|max))"));
		});
	}

	@Test
	void aConventionOfTheApplicationAddsItsKeys() {
		runner().withUserConfiguration(TenantConvention.class).run((context) -> {
			context.getBean(JobDispatcher.class)
				.with(JobOptions.none().header("tenant", "t-1"))
				.enqueue(Reports::generate);
			context.getBean(TestJobBackend.class).runDue();
			assertThat(context.getBean(MeterRegistry.class).get("jobs.execute").tag("tenant", "t-1").timer().count())
				.isOne();
		});
	}

	private static void assertKeys(String name, KeyName[] few, KeyName[] many) throws IOException {
		String row = Files.readAllLines(DOCS.resolve("observability.md"))
			.stream()
			.filter((line) -> line.startsWith("| `" + name + "` |"))
			.findFirst()
			.orElseThrow();
		String[] cells = row.split("\\|");
		for (KeyName key : few) {
			assertThat(cells[2]).contains("`" + key.asString() + "`");
		}
		for (KeyName key : many) {
			assertThat(cells[3]).contains("`" + key.asString() + "`");
		}
	}

	private static Set<String> rows(String pattern) throws IOException {
		Set<String> found = new TreeSet<>();
		Matcher matcher = Pattern.compile("(?m)^\\" + pattern)
			.matcher(Files.readString(DOCS.resolve("observability.md")));
		while (matcher.find()) {
			found.add(matcher.group(1));
		}
		return found;
	}

	private static Set<String> find(String pattern, String text, Set<String> found) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		while (matcher.find()) {
			found.add(matcher.group());
		}
		return found;
	}

	private static void withAllMeters(Consumer<MeterRegistry> test) {
		runner().run((context) -> {
			context.getBean(JobDispatcher.class).enqueue(Reports::generate);
			context.getBean(TestJobBackend.class).runDue();
			JobMessage message = context.getBean(TestJobBackend.class)
				.enqueued()
				.stream()
				.findFirst()
				.orElseGet(() -> JobMessage
					.builder("019a0000-0000-7000-8000-000000000000", "reports.generate", "default", "[]", Instant.EPOCH)
					.build());
			DeliveryMeters meters = context.getBean(DeliveryMeters.class);
			meters.waited(message, Duration.ZERO);
			meters.retried(message);
			meters.dead(message, DeadReason.EXPIRED);
			meters.discarded(message);
			meters.interrupted(message);
			meters.iterated(message, new Slice(IterationState.NEW, 3, 1, true));
			meters.expired(message);
			meters.deferred();
			meters.unsigned(message);
			meters.refused("unsigned");
			context.getBean(BackendRequests.class).count("cloud", "enqueue", 1);
			context.publishEvent(new EnqueueFailedEvent(message, new IllegalStateException("down")));
			test.accept(context.getBean(MeterRegistry.class));
		});
	}

	private static ApplicationContextRunner runner() {
		return new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues("jobs.backend=test", "spring.cloud.gcp.core.enabled=false",
					"spring.cloud.gcp.pubsub.enabled=false");
	}

	@Component
	static class Reports {

		@BackgroundJob
		void generate() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Reports.class)
	static class Application {

		@Bean
		PrometheusMeterRegistry registry() {
			return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		}

	}

}

@Component
class TenantConvention extends DefaultExecuteObservationConvention {

	@Override
	public KeyValues getLowCardinalityKeyValues(ExecuteObservationContext context) {
		String tenant = context.message().headers().getOrDefault("tenant", "none");
		return super.getLowCardinalityKeyValues(context).and("tenant", tenant);
	}

}
