package dev.backgroundjobs.adapter.inline;

import dev.backgroundjobs.autoconfigure.CommitPhase;
import dev.backgroundjobs.autoconfigure.ConditionalOnJobBackend;
import dev.backgroundjobs.autoconfigure.JobsAutoConfiguration;
import dev.backgroundjobs.delivery.DeliveryProcessor;
import dev.backgroundjobs.message.JobMessageCodec;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the {@code inline} backend.
 */
@AutoConfiguration(after = JobsAutoConfiguration.class)
@ConditionalOnJobBackend("inline")
public final class InlineJobAutoConfiguration {

	@Bean
	InlineJobBackend inlineJobBackend(JobMessageCodec codec, ObjectProvider<DeliveryProcessor> processor,
			CommitPhase commitPhase) {
		return new InlineJobBackend(codec, processor, commitPhase);
	}

}
