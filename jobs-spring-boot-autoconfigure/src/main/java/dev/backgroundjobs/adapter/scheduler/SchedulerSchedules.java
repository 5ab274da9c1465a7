package dev.backgroundjobs.adapter.scheduler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

import dev.backgroundjobs.adapter.scheduler.SchedulerTargets.Target;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.EncodedMessage;
import dev.backgroundjobs.message.JobMessage;
import software.amazon.awssdk.services.scheduler.model.ActionAfterCompletion;
import software.amazon.awssdk.services.scheduler.model.CreateScheduleRequest;
import software.amazon.awssdk.services.scheduler.model.FlexibleTimeWindowMode;

import org.springframework.util.StringUtils;

/**
 * Makes schedules of messages. Safe for use by several threads.
 */
final class SchedulerSchedules {

	private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("'at('uuuu-MM-dd'T'HH:mm:ss')'")
		.withZone(ZoneOffset.UTC);

	// EventBridge Scheduler may refuse a time that has passed when the call arrives.
	private static final Duration MIN_DELAY = Duration.ofSeconds(10);

	private final SchedulerJobProperties properties;

	private final SchedulerTargets targets;

	private final Clock clock;

	SchedulerSchedules(SchedulerJobProperties properties, SchedulerTargets targets, Clock clock) {
		this.properties = properties;
		this.targets = targets;
		this.clock = clock;
	}

	CreateScheduleRequest request(JobMessage message, EncodedMessage encoded, Instant time) {
		Target target = this.targets.get(message.destination());
		String name = name(message);
		CreateScheduleRequest.Builder request = CreateScheduleRequest.builder()
			.name(name)
			.clientToken(name)
			.scheduleExpression(AT.format(roundUp(time)))
			.scheduleExpressionTimezone("UTC")
			.flexibleTimeWindow((window) -> window.mode(FlexibleTimeWindowMode.OFF))
			.actionAfterCompletion(ActionAfterCompletion.DELETE)
			.target((to) -> {
				to.arn(target.arn())
					.roleArn(this.properties.roleArn())
					.input(target.isFunction() ? encoded.json() : escaped(encoded.text()))
					.retryPolicy((retry) -> retry.maximumRetryAttempts(this.properties.maxAttempts())
						.maximumEventAgeInSeconds(Math.toIntExact(this.properties.maxAge().toSeconds())));
				if (StringUtils.hasText(this.properties.deadLetterArn())) {
					to.deadLetterConfig((deadLetter) -> deadLetter.arn(this.properties.deadLetterArn()));
				}
			});
		if (StringUtils.hasText(this.properties.groupName())) {
			request.groupName(this.properties.groupName());
		}
		return request.build();
	}

	// SQS takes no text with these two characters. They can only stand in strings of
	// JSON, and escapes mean the same there.
	private static String escaped(String text) {
		return text.replace("\uFFFE", "\\uFFFE").replace("\uFFFF", "\\uFFFF");
	}

	private Instant roundUp(Instant time) {
		Instant first = this.clock.instant().plus(MIN_DELAY);
		Instant asked = time.isAfter(first) ? time : first;
		Instant second = asked.truncatedTo(ChronoUnit.SECONDS);
		return second.equals(asked) ? second : second.plusSeconds(1);
	}

	/**
	 * The name of a message's schedule: the hash of its key, in the 64 characters that a
	 * name may have, so that EventBridge Scheduler takes it once.
	 */
	static String name(JobMessage message) {
		String key = isNamedByUser(message)
				? "key:" + message.destination() + ":" + message.job() + ":" + message.deduplicationKey()
				: message.deliveryKey();
		return DerivedIds.hash(key);
	}

	static boolean isNamedByUser(JobMessage message) {
		return message.seq() == 0 && message.deduplicationKey() != null;
	}

}
