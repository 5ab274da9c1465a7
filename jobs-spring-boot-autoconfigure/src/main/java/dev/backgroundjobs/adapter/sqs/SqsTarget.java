package dev.backgroundjobs.adapter.sqs;

import dev.backgroundjobs.adapter.aws.AwsTarget;
import org.jspecify.annotations.Nullable;

/**
 * Knows the ARNs of queues. Safe for use by several threads.
 */
final class SqsTarget implements AwsTarget {

	private final SqsQueues queues;

	SqsTarget(SqsQueues queues) {
		this.queues = queues;
	}

	@Override
	public String backend() {
		return SqsJobBackend.NAME;
	}

	@Override
	public @Nullable String arn(String queue) {
		SqsAttributes attributes = this.queues.queue(queue).knownAttributes();
		return (attributes != null) ? attributes.arn() : null;
	}

}
