package dev.backgroundjobs.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import dev.backgroundjobs.JobDispatcher;
import dev.backgroundjobs.autoconfigure.JobsClock;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The clock of jobs is moved, and no other.
 */
class JobsTesterClockTests {

	@Nested
	@SpringBootTest(classes = JobsTesterTests.Application.class, webEnvironment = WebEnvironment.NONE)
	@AutoConfigureJobsTester
	class WithoutAClock {

		@Test
		void addsNone(@Autowired ApplicationContext context) {
			assertThat(context.getBeansOfType(Clock.class)).isEmpty();
			assertThat(context.getBeansOfType(JobsClock.class)).hasSize(1);
		}

		@Test
		void keepsItsZone(@Autowired JobsClock clock, @Autowired JobsTester jobs) {
			jobs.advance(Duration.ofDays(400));
			Clock tokyo = clock.get().withZone(ZoneId.of("Asia/Tokyo"));
			assertThat(clock.get().getZone()).isEqualTo(ZoneOffset.UTC);
			assertThat(tokyo.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
			assertThat(tokyo.instant()).isAfter(Instant.now().plus(Duration.ofDays(399)));
		}

	}

	@Nested
	@SpringBootTest(classes = { JobsTesterTests.Application.class, OwnClock.class },
			webEnvironment = WebEnvironment.NONE)
	@AutoConfigureJobsTester
	class WithTheApplicationsClock {

		@Autowired
		HandClock clock;

		@Autowired
		JobDispatcher dispatcher;

		@Autowired
		JobsTester jobs;

		@Test
		void goesByIt() {
			this.dispatcher.enqueueIn(Duration.ofHours(1), Letters::wash);
			assertThat(this.jobs.enqueued().get(0).enqueuedAt()).isEqualTo(this.clock.instant());
			this.clock.now = this.clock.now.plus(Duration.ofMinutes(59));
			assertThat(this.jobs.runDue()).isEmpty();
			this.jobs.advance(Duration.ofMinutes(1));
			assertThat(this.jobs.runDue()).hasSize(1);
		}

		@Test
		void leavesItAsItIs() {
			Instant before = this.clock.instant();
			this.jobs.advance(Duration.ofDays(1));
			assertThat(this.clock.instant()).isEqualTo(before);
			assertThat(this.jobs.now()).isEqualTo(before.plus(Duration.ofDays(1)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClock {

		@Bean
		HandClock clock() {
			return new HandClock();
		}

	}

	static class HandClock extends Clock {

		volatile Instant now = Instant.parse("2026-06-01T12:00:00Z");

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

	}

}
