package dev.backgroundjobs.adapter.runonce;

import java.time.Instant;

import dev.backgroundjobs.delivery.Delivery;
import dev.backgroundjobs.delivery.Settlement;
import dev.backgroundjobs.message.UnreadableMessageException;
import org.jspecify.annotations.Nullable;

/**
 * What may have started this process for one message, as its adapter knows it. Declare it
 * as a bean. Methods are called by one thread at a time; those that ask the platform
 * throw an exception when it cannot be asked, upon which the message is released.
 */
public interface RunOncePlatform {

	/**
	 * Return the name of the backend that its messages come from.
	 * @return the value of {@code jobs.backend}
	 */
	String name();

	/**
	 * Return whether it has started this process, as its environment variables say.
	 * @return whether it has
	 */
	boolean isHere();

	/**
	 * Ask whether the message was settled before, or taken back, so that nothing is to
	 * run: a process before this one died between what replaces the message and its end.
	 * @return whether it was
	 */
	default boolean isOver() {
		return false;
	}

	/**
	 * Ask whether this process may still replace its message, which nobody has taken back
	 * since.
	 * @return whether it may
	 */
	default boolean isOwned() {
		return true;
	}

	/**
	 * Return how often a process was started for the message before this one, and crashed
	 * or released it.
	 * @return how often, 0 when the platform does not say
	 */
	default int redeliveries() {
		return 0;
	}

	/**
	 * Return when the platform ends this process, shortly before which the job is
	 * stopped.
	 * @return the time, or {@code null} when it does not say
	 */
	default @Nullable Instant deadline() {
		return null;
	}

	/**
	 * Return which of several processes that got the same message this one is.
	 * @return which, or {@code null} when it alone has it
	 * @throws UnreadableMessageException when it can be none: nothing is run, and the
	 * process ends with {@link RunOnce#EXIT_NEVER}
	 */
	default Delivery.@Nullable Part part() {
		return null;
	}

	/**
	 * Tell the platform what became of the message, before the process ends with
	 * {@link #exitCode}. What it throws is logged and changes nothing: what is settled
	 * stays settled.
	 * @param settlement what became of it
	 */
	default void settled(Settlement settlement) {
	}

	/**
	 * Return the exit code that tells the platform what became of the message.
	 * @param settlement what became of it
	 * @return the exit code
	 */
	default int exitCode(Settlement settlement) {
		return switch (settlement) {
			case DEAD, UNREADABLE, UNTRUSTED -> RunOnce.EXIT_NEVER;
			default -> settlement.isAcknowledged() ? RunOnce.EXIT_DONE : RunOnce.EXIT_RELEASED;
		};
	}

}
