package dev.backgroundjobs.adapter.aws;

import java.util.List;

import dev.backgroundjobs.delivery.DeliveryResponder;
import dev.backgroundjobs.delivery.DeliveryResponse;
import dev.backgroundjobs.delivery.Settlement;

/**
 * Answers the daemon of Elastic Beanstalk's worker environments, which deletes a message
 * for status 200 and nothing else.
 */
final class SqsdDeliveryResponder implements DeliveryResponder {

	@Override
	public DeliveryResponse respond(List<Settlement> settlements) {
		Settlement settlement = settlements.stream()
			.filter((each) -> !each.isAcknowledged())
			.findFirst()
			.orElse(settlements.get(0));
		if (settlement == Settlement.UNAVAILABLE) {
			return DeliveryResponse.of(429);
		}
		DeliveryResponse answer = DeliveryResponder.plain().respond(List.of(settlement));
		return (answer.status() == 204) ? DeliveryResponse.of(200) : answer;
	}

}
