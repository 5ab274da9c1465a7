package dev.backgroundjobs.event;

import dev.backgroundjobs.StorageObject;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a family of platforms knows about its events. A bean of each family that is there;
 * safe for use by several threads.
 */
public interface PlatformEvents {

	/**
	 * Return the object an event tells of.
	 * @param event the event
	 * @return the object, or {@code null} when it is no event of object storage, or not
	 * of this family
	 */
	@Nullable StorageObject storageObject(CloudEvent event);

	/**
	 * Return what an event of object storage has for an id however often and by whichever
	 * way its platform tells of it, each time with another id of its own.
	 * @param event the event
	 * @return the same for repeats and nothing else, or {@code null} when the event's own
	 * id has to do, or it is not of this family
	 */
	default @Nullable String identity(CloudEvent event) {
		return null;
	}

	/**
	 * Return what a sender has put into an event, where the platform has wrapped it: what
	 * a job's own type is read from.
	 * @param event the event
	 * @return the content, or {@code null} when it is not wrapped, or not of this family
	 */
	default @Nullable EventContent content(CloudEvent event) {
		return null;
	}

}
