package dev.backgroundjobs.sample.conversion;

import com.google.cloud.spring.storage.GoogleStorageProtocolResolver;
import com.google.cloud.spring.storage.GoogleStorageProtocolResolverSettings;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.backgroundjobs.StorageObject;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Profile;

/**
 * Makes objects of Google Cloud Storage resources, {@code gs://bucket/name}. The client
 * is created, and credentials are looked for, when the first of them is asked for.
 */
@Configuration(proxyBeanMethods = false)
@Profile("gcp")
@Import(GoogleStorageProtocolResolver.class)
class GoogleStorageConfiguration {

	@Bean
	Buckets googleBuckets() {
		return new Buckets(StorageObject.GOOGLE);
	}

	@Bean
	@Lazy
	Storage googleStorage() {
		return StorageOptions.getDefaultInstance().getService();
	}

	@Bean
	GoogleStorageProtocolResolverSettings googleStorageProtocolResolverSettings() {
		return new GoogleStorageProtocolResolverSettings();
	}

}
