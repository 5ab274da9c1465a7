package dev.backgroundjobs.adapter.aws;

import dev.backgroundjobs.StorageObject;
import dev.backgroundjobs.event.EventContent;
import dev.backgroundjobs.event.PlatformEvents;
import io.cloudevents.CloudEvent;
import org.jspecify.annotations.Nullable;

/**
 * AWS's events: those that {@link AwsEvents} makes, and the same made by others.
 */
final class AwsPlatformEvents implements PlatformEvents {

	@Override
	public @Nullable StorageObject storageObject(CloudEvent event) {
		return S3Events.object(event);
	}

	@Override
	public @Nullable String identity(CloudEvent event) {
		return S3Events.identity(event);
	}

	@Override
	public @Nullable EventContent content(CloudEvent event) {
		return SnsEvents.content(event);
	}

}
