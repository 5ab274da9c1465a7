package dev.backgroundjobs.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.backgroundjobs.ParallelPart;
import dev.backgroundjobs.backend.SendResult;
import dev.backgroundjobs.dispatch.MessageSender;
import dev.backgroundjobs.message.DerivedIds;
import dev.backgroundjobs.message.IterationState;
import dev.backgroundjobs.message.JobMessage;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a parallel iteration's parts: the same ones each time they are made.
 */
final class Parts {

	private Parts() {
	}

	static List<JobMessage> of(JobMessage parent, List<String> ends, Instant now) {
		List<JobMessage> parts = new ArrayList<>();
		int count = ends.size() + 1;
		for (int i = 0; i < count; i++) {
			@Nullable String after = (i > 0) ? ends.get(i - 1) : null;
			@Nullable String last = (i < ends.size()) ? ends.get(i) : null;
			parts.add(parent.part(DerivedIds.of(parent.id(), Integer.toString(i)), now)
				.parallel(new ParallelPart(parent.id(), i, count))
				.iteration(IterationState.startingAfter(after, last))
				.build());
		}
		return parts;
	}

	/**
	 * Send the parts that are left, and keep those that could not be sent.
	 */
	static void send(MessageSender sender, List<JobMessage> left) {
		List<SendResult> results = sender.sendAll(List.copyOf(left));
		RuntimeException failure = null;
		for (int i = results.size() - 1; i >= 0; i--) {
			// A part that is there already was sent by a run whose acknowledgement was
			// lost.
			if (results.get(i) instanceof SendResult.Failed failed) {
				failure = failed.cause();
			}
			else {
				left.remove(i);
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

}
