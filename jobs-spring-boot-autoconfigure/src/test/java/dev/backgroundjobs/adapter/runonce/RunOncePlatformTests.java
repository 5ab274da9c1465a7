package dev.backgroundjobs.adapter.runonce;

import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Settlement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the platform that has started the process is asked and told.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunOncePlatformTests {

	private final Probe probe = new Probe();

	private final Platform platform = new Platform();

	private final OnceStart start = new OnceStart(Application.class).bean("probe", this.probe)
		.bean("platform", this.platform);

	@Test
	void isToldWhatBecameOfTheMessage() {
		assertThat(run("probe.say", "[\"a\"]")).isEqualTo(100);
		assertThat(this.platform.settled).containsExactly(Settlement.DONE);
	}

	@Test
	void nothingIsRunWhereTheMessageWasSettledBefore() {
		this.platform.over = true;
		assertThat(run("probe.say", "[\"a\"]")).isZero();
		assertThat(this.probe.said).isEmpty();
		assertThat(this.platform.settled).isEmpty();
	}

	@Test
	void nothingIsRunWhereItCannotBeAsked() {
		this.platform.failure = new IllegalStateException("unreachable");
		assertThat(run("probe.say", "[\"a\"]")).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(this.probe.said).isEmpty();
	}

	@Test
	void nothingReplacesWhatWasTakenBack() {
		this.platform.owned = false;
		assertThat(run("probe.fail", "[]")).isEqualTo(101);
		assertThat(this.start.keeper.sent).isEmpty();
		assertThat(this.platform.settled).containsExactly(Settlement.RELEASED);
	}

	@Test
	void whatIsSettledStaysSettledWhereItCannotBeTold() {
		this.platform.cannotBeTold = true;
		assertThat(run("probe.say", "[\"a\"]")).isEqualTo(100);
	}

	@Test
	void aMessageOfABackendThatIsNotConfiguredHereIsReleasedWithoutARun(CapturedOutput output) {
		this.platform.here = false;
		this.start.message(Probe.message("probe.say", "[\"a\"]")).variable(RunOnce.SENDER, "kubernetes");
		assertThat(this.start.run()).isEqualTo(RunOnce.EXIT_RELEASED);
		assertThat(this.probe.said).isEmpty();
		assertThat(output).contains("backend 'kubernetes' has sent it, which is not configured here");
	}

	@Test
	void isNotAskedAboutAnotherPlatformsMessage() {
		this.platform.here = false;
		this.platform.over = true;
		assertThat(run("probe.say", "[\"a\"]")).isZero();
		assertThat(this.probe.said).containsExactly("a");
	}

	@Test
	void isNotAskedAboutWhatAPersonTypes() {
		this.platform.over = true;
		this.start.with("--jobs.run=probe.say", "--jobs.args=[\"a\"]");
		assertThat(run("probe.say", "[\"b\"]")).isZero();
		assertThat(this.probe.said).containsExactly("a");
	}

	@Test
	void saysWhichPartOfTheMessageIsItsOwn() {
		this.platform.part = new Delivery.Part(0, 1);
		assertThat(run("probe.say", "[\"a\"]")).isEqualTo(100);
	}

	private int run(String job, String args) {
		return this.start.message(Probe.message(job, args)).run();
	}

	private static final class Platform implements RunOncePlatform {

		private final List<Settlement> settled = new ArrayList<>();

		private boolean here = true;

		private boolean over;

		private boolean owned = true;

		private boolean cannotBeTold;

		private Delivery.@Nullable Part part;

		private @Nullable RuntimeException failure;

		@Override
		public String name() {
			return "keeper";
		}

		@Override
		public boolean isHere() {
			return this.here;
		}

		@Override
		public boolean isOver() {
			if (this.failure != null) {
				throw this.failure;
			}
			return this.over;
		}

		@Override
		public boolean isOwned() {
			return this.owned;
		}

		@Override
		public Delivery.@Nullable Part part() {
			return this.part;
		}

		@Override
		public void settled(Settlement settlement) {
			this.settled.add(settlement);
			if (this.cannotBeTold) {
				throw new IllegalStateException("unreachable");
			}
		}

		@Override
		public int exitCode(Settlement settlement) {
			return settlement.isAcknowledged() ? 100 : 101;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
