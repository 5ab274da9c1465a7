package dev.backgroundjobs.adapter.aws;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import dev.backgroundjobs.event.CloudEventJson;
import org.jspecify.annotations.Nullable;

import dev.backgroundjobs.delivery.DecodedRequest;
import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.DeliveryDecoder;
import dev.backgroundjobs.delivery.DeliveryRequest;

/**
 * Reads what the daemon of Elastic Beanstalk's worker environments posts: the body of one
 * message of SQS, with what is known of it in headers, or the name of a periodic task,
 * which is an event.
 */
final class SqsdDeliveryDecoder implements DeliveryDecoder {

	private static final String PREFIX = "X-Aws-Sqsd-";

	private static final String TASK = PREFIX + "Taskname";

	private static final String TASK_TYPE = "com.amazonaws.elasticbeanstalk.PeriodicTask";

	@Override
	public int maxBytes(DeliveryRequest request) {
		return isSqsd(request) ? LambdaEvents.MAX_BYTES : 0;
	}

	@Override
	public @Nullable DecodedRequest decode(DeliveryRequest request, byte[] body, boolean isTrusted) {
		if (!isTrusted || !isSqsd(request)) {
			return null;
		}
		Delivery delivery = Delivery.pushed(body, true, redeliveries(request), null);
		List<CloudEvent> events = (request.header(TASK) != null) ? List.of(periodicTask(request))
				: SqsBody.events(new String(body, StandardCharsets.UTF_8));
		List<Delivery> deliveries = events.isEmpty() ? List.of(delivery) : events.stream().map(delivery::of).toList();
		return new DecodedRequest(deliveries, new SqsdDeliveryResponder());
	}

	// What cron.yaml has the daemon post has a name and no content.
	private static CloudEvent periodicTask(DeliveryRequest request) {
		String id = String.valueOf(request.header(PREFIX + "Msgid"));
		return CloudEventJson.build(() -> CloudEventBuilder.v1()
			.withId(id)
			.withType(TASK_TYPE)
			.withSource(URI.create("aws:elasticbeanstalk"))
			.withSubject(request.header(TASK))
			.build());
	}

	private static boolean isSqsd(DeliveryRequest request) {
		return request.header(PREFIX + "Msgid") != null;
	}

	private static int redeliveries(DeliveryRequest request) {
		String count = request.header(PREFIX + "Receive-Count");
		return (count != null && count.matches("[0-9]{1,6}")) ? Integer.parseInt(count) - 1 : 0;
	}

}
