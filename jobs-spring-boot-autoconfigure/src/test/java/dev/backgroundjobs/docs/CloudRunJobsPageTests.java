package dev.backgroundjobs.docs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.BackgroundJob;
import dev.backgroundjobs.JobContext;
import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.adapter.inline.InlineJobAutoConfiguration;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.JobMessage;
import dev.backgroundjobs.message.JobMessageCodec;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The blocks of {@code docs/cloud-run-jobs.md}.
 */
class CloudRunJobsPageTests {

	private final Studio studio = new Studio();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JobsAutoConfiguration.class, InlineJobAutoConfiguration.class))
		.withPropertyValues("jobs.backend=inline")
		.withBean("films", Films.class, () -> new Films(this.studio));

	@Test
	void rendersEachFrameInOneOfTheTasks() {
		this.runner.run((context) -> {
			JobMessage message = JobMessage
				.builder("01a20188-6a28-71f0-afe3-49c324578c12", "films.render", "frames", "[{\"frames\":7}]",
						Instant.EPOCH)
				.build();
			byte[] body = context.getBean(JobMessageCodec.class).encode(message).bytes();
			for (int i = 0; i < 3; i++) {
				assertThat(context.getBean(DeliveryProcessor.class)
					.process(Delivery.pulled(body, "cloud-run", true, 0).as(new Delivery.Part(i, 3))))
					.isEqualTo(Settlement.DONE);
			}
			assertThat(this.studio.rendered).containsExactly(0, 3, 6, 1, 4, 2, 5);
		});
	}

	@Test
	void rendersAllFramesWhereThereAreNoTasks() {
		this.runner.run((context) -> {
			context.getBean(JobDispatcher.class).enqueue(Films::render, new Film(3));
			assertThat(this.studio.rendered).containsExactly(0, 1, 2);
		});
	}

	record Film(int frames) {
	}

	static class Studio {

		final List<Integer> rendered = new ArrayList<>();

		void render(Film film, int frame) {
			this.rendered.add(frame);
		}

	}

	static class Films {

		private final Studio studio;

		Films(Studio studio) {
			this.studio = studio;
		}

		@BackgroundJob(queue = "frames", timeout = "6h")
		void render(Film film) {
			ParallelPart task = JobContext.current().parallel();
			int first = (task != null) ? task.index() : 0;
			int step = (task != null) ? task.count() : 1; // none on other backends
			for (int frame = first; frame < film.frames(); frame += step) {
				this.studio.render(film, frame);
			}
		}

	}

}
