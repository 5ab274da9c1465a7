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
import dev.backgroundjobs.message.UnreadableMessageException;
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
			parts.add(part(parent, ends, i, count, now));
		}
		return parts;
	}

	/**
	 * Return the part of one of several tasks that all got their parent's message: a
	 * range, where the parent is cut into as many, and otherwise the whole, of which the
	 * job knows what is its own.
	 */
	static JobMessage of(JobMessage parent, Delivery.Part part) {
		List<String> ends = (parent.iteration() != null) ? parent.iteration().ranges() : List.of();
		if (ends.isEmpty()) {
			return whole(parent, part);
		}
		if (ends.size() + 1 != part.count()) {
			throw new UnreadableMessageException(
					"is cut into " + (ends.size() + 1) + " parts, and is delivered to " + part.count() + " tasks");
		}
		Instant enqueuedAt = (parent.runAt() != null) ? parent.runAt() : parent.enqueuedAt();
		return part(parent, ends, part.index(), part.count(), enqueuedAt);
	}

	// Nothing was decided about it yet: not whether it is early or has expired, nor how
	// often it was tried.
	private static JobMessage whole(JobMessage parent, Delivery.Part part) {
		return parent.part(id(parent, part.index()), parent.enqueuedAt())
			.attempt(parent.attempt())
			.runAt(parent.runAt())
			.expiresAt(parent.expiresAt())
			.interruptions(parent.interruptions())
			.unknown(parent.unknown())
			.error(parent.error())
			.iteration(parent.iteration())
			.parallel(new ParallelPart(parent.id(), part.index(), part.count()))
			.build();
	}

	private static JobMessage part(JobMessage parent, List<String> ends, int index, int count, Instant enqueuedAt) {
		@Nullable String after = (index > 0) ? ends.get(index - 1) : null;
		@Nullable String last = (index < ends.size()) ? ends.get(index) : null;
		return parent.part(id(parent, index), enqueuedAt)
			.parallel(new ParallelPart(parent.id(), index, count))
			.iteration(IterationState.startingAfter(after, last))
			.build();
	}

	private static String id(JobMessage parent, int index) {
		return DerivedIds.of(parent.id(), Integer.toString(index));
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
